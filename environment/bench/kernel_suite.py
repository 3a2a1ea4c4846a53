"""jupyter_kernel_test with the same samples for every TypeScript kernel; SIGNMIX_SUITE_KERNEL names the kernel. Run by kernel.mjs."""
import os
import unittest

import jupyter_kernel_test


class TypeScriptKernel(jupyter_kernel_test.KernelTests):
    kernel_name = os.environ["SIGNMIX_SUITE_KERNEL"]
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('test')"
    completion_samples = [{"text": "Math.flo", "matches": ["floor"]}, {"text": "'a'.toUpperC", "matches": ["toUpperCase"]}]
    complete_code_samples = ["1", "const a = 1", "console.log(1)", "function f(){\n return 1;\n}"]
    incomplete_code_samples = ["function f() {", "const a = [1,", "if (true) {"]
    invalid_code_samples = ["const = 3", ")", "let 1x = 2"]
    code_generate_error = "throw new Error('told')"
    code_execute_result = [{"code": "1 + 2", "result": "3"}, {"code": "[1, 2].length", "result": "2"}]
    code_display_data = (
        [{"code": "await Deno.jupyter.display({'text/html': '<b>x</b>'}, {raw: true})", "mime": "text/html"}]
        if "deno" in kernel_name
        else [{"code": "import * as tslab from 'tslab'; tslab.display.html('<b>x</b>')", "mime": "text/html"}]
    )
    code_inspect_sample = "parseInt"
    code_history_pattern = "1?2*"
    supported_history_operations = ("tail", "range", "search")


if __name__ == "__main__":
    unittest.main()
