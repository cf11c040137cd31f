---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---The addresses of a host, for net.connect.
---@class net.resolvers.basic.library
local lib = {}

---extra: use_ipv4, use_ipv6, servername, sslctx.
---@param hostname string
---@param port integer
---@param type? string
---@param extra? table
---@return table
function lib.new(hostname, port, type, extra) end

return lib
