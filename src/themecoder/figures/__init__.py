"""What a report says, held against the data: quoted figures, claims, drafts."""
