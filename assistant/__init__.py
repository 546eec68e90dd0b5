"""From a request to a signed-off Word file. The use cases are the methods of `assistant.studio.Studio`."""
