"""Opening and saving in the window: dialogs, dropped and recent files, the library's menus."""
