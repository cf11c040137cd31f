---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---JSON Schema.
---@class util.jsonschema.library
local lib = {}

---Whether data are what a schema wants.
---@param schema any
---@param data any
---@param root? any
---@return boolean
function lib.validate(schema, data, root) end

return lib
