"""Suggestions while people code: an ML backend that Label Studio asks for each answer."""
