"""The window: its views, dialogs and actions."""
