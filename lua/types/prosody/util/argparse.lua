---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Arguments of command lines.
---@class util.argparse.library
local lib = {}

---Takes --options off the front of a list.
---@param list string[]
---@param options? table
---@return table?
---@return string?
---@return string?
function lib.parse(list, options) end

return lib
