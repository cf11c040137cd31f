---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Given addresses, for net.connect.
---@class net.resolvers.manual.library
local lib = {}

---targets: a list of {type, ip, port, extra}.
---@param targets table
---@param type? string
---@param extra? table
---@return table
function lib.new(targets, type, extra) end

return lib
