---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Ports that modules listen on: module:provides("net", …) is what modules need.
---@class core.portmanager.library
local lib = {}

---Listens for a service.
---@param service string
---@return boolean?
---@return string?
function lib.activate(service) end

---Ends listening on one port.
---@param interface string
---@param port integer
---@return boolean?
---@return string?
function lib.close(interface, port) end

---Ends listening for a service.
---@param service string
---@param definition? table
---@return boolean?
---@return string?
function lib.deactivate(service, definition) end

---What listens, by service, interface and port.
---@return table
function lib.get_active_services() end

---All services, by name.
---@return table
function lib.get_registered_services() end

---The definition of a service that listens.
---@param service string
---@return table?
function lib.get_service(service) end

---Who listens on a port.
---@param interface string
---@param port integer
---@return table?
---@return table?
function lib.get_service_at(interface, port) end

---The TLS context of a port.
---@param interface string
---@param port integer
---@return table?
---@return string?
function lib.get_tls_config_at(interface, port) end

---Adds a service.
---@param service string
---@param definition table
---@return boolean?
function lib.register_service(service, definition) end

---Takes a service away.
---@param service string
---@param definition table
---@return boolean?
function lib.unregister_service(service, definition) end

return lib
