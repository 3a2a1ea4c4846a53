"""The kernel against jupyter_kernel_test, the suite by which Jupyter's own people judge kernels. Run by jupyter.test.ts."""
import unittest

import jupyter_kernel_test


class SignmixKernel(jupyter_kernel_test.KernelTests):
    kernel_name = "tslab"
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = 'console.log("hello, world");'
    code_stderr = 'process.stderr.write("words\\n");'
    completion_samples = [
        {"text": "Number.isSafe", "matches": ["isSafeInteger"]},
        {"text": "[1].flatM", "matches": ["flatMap"]},
    ]
    complete_code_samples = ["", "2 + 3;", "await Promise.resolve(1)", "class A {\n  b = 1;\n}"]
    incomplete_code_samples = ["for (const a of [1]) {", "Math.max(1,", "`open", "/* open"]
    invalid_code_samples = ["let = =", "}", "1 +* 2"]
    code_generate_error = "(undefined as any).name"
    code_execute_result = [
        {"code": "20+22", "result": "42"},
        {"code": '["a", "b"].join("-")', "result": "'a-b'"},
        {"code": "Promise.resolve(1)", "result": "Promise { 1 }"},
    ]
    code_display_data = [
        {"code": 'import { display } from "tslab"; display.html("<i>x</i>")', "mime": "text/html"},
        {"code": 'display.markdown("*x*")', "mime": "text/markdown"},
    ]
    code_inspect_sample = "structuredClone"
    code_history_pattern = "20?22"
    supported_history_operations = ("tail", "range", "search")
    code_clear_output = '(globalThis as any)[Symbol.for("signmix.kernel")].clear()'


if __name__ == "__main__":
    unittest.main()
