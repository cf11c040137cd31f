---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Addresses of one resolver after the other.
---@class net.resolvers.chain.library
local lib = {}

---A resolver for net.connect.
---@param resolvers table
---@return table
function lib.new(resolvers) end

return lib
