---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Any value as text for people: inspect(value).
---@class inspect.library
---@overload fun(value: any, options?: table): string
local lib = {}

---The same.
---@param value any
---@param options? table
---@return string
function lib.inspect(value, options) end

return lib
