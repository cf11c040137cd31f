---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Templates with filters.
---@class util.interpolation.library
local lib = {}

---A function that fills in templates.
---@param pattern string
---@param escape? function
---@param filters? table
---@return fun(template: string, values: table): string
function lib.new(pattern, escape, filters) end

return lib
