---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---string.format that never fails.
---@class util.format.library
local lib = {}

---Fills in a template; takes any values.
---@param template string
---@param ... any
---@return string
function lib.format(template, ...) end

return lib
