---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Addresses that are known.
---@class net.resolvers.manual.library
local lib = {}

---A resolver for net.connect.
---@param targets table
---@param conn_type? string
---@param extra? table
---@return table
function lib.new(targets, conn_type, extra) end

return lib
