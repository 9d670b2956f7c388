# requires: onnxruntime==1.16.3 onnx==1.19.1 numpy==1.26.4
# A model built with onnx, checked, run with two optimization levels.
import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, checker, helper, numpy_helper, shape_inference


def handler(event, context):
    weight = numpy_helper.from_array(np.arange(6, dtype=np.float32).reshape(3, 2), "w")
    nodes = [helper.make_node("MatMul", ["x", "w"], ["m"]), helper.make_node("Softmax", ["m"], ["y"], axis=-1)]
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 3])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 2])],
        [weight],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    checker.check_model(model)
    inferred = shape_inference.infer_shapes(model)
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    session = ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    found = session.run(None, {"x": np.ones((1, 3), np.float32)})[0]
    try:
        session.run(None, {"x": np.ones((1, 4), np.float32)})
    except Exception as error:
        message = type(error).__name__
    from onnx.reference import ReferenceEvaluator

    reference = ReferenceEvaluator(model).run(None, {"x": np.ones((1, 3), np.float32)})[0]
    return {
        "y": [round(float(value), 5) for value in found[0]],
        "inferred": len(inferred.graph.value_info),
        "same": bool(np.allclose(found, reference)),
        "text": onnx.printer.to_text(model)[:20],
        "error": message,
    }
