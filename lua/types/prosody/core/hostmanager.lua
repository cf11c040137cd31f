---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---The hosts.
---@class core.hostmanager.library
local lib = {}

---Begins to serve a host of the configuration.
---@param host string
---@return boolean?
---@return string?
function lib.activate(host) end

---Ends serving a host.
---@param host string
---@return boolean?
---@return string?
function lib.deactivate(host) end

---The hosts below a host.
---@param host string
---@return table<string, table>
function lib.get_children(host) end

return lib
