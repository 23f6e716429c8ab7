"""The networks as ONNX and TorchScript, and ONNX Runtime in the place of PyTorch."""
