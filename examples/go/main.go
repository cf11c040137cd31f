// Command polls is a plugin that lets people in rooms take votes. Quatrain starts it: see README.md.
package main

import "quatrain/sdk/serve"

func main() { serve.Plugin(New) }
