---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Addresses of a name.
---@class net.resolvers.basic.library
local lib = {}

---A resolver for net.connect.
---@param hostname string
---@param port integer
---@param conn_type? string
---@param extra? table
---@return table
function lib.new(hostname, port, conn_type, extra) end

return lib
