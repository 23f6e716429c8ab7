"""Born-digital PDFs as training data: pages whose text layer agrees with their ink."""
