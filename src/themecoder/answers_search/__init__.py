"""Finding answers: by words in any form, by meaning, by what is known of them; identical as one."""
