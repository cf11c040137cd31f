---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Certificates, which the server finds by host by itself.
---@class core.certmanager.library
local lib = {}

---Makes a TLS context with a host's certificate.
---@param host string
---@param mode string
---@param ... table
---@return table?
---@return string?
function lib.create_context(host, mode, ...) end

---The certificate for a host.
---@param config any
---@param host string
---@return table?
function lib.find_cert(config, host) end

---The certificate for a host, from a directory.
---@param files table
---@param host string
---@return table?
function lib.find_cert_in_dir(files, host) end

---The certificate for a host, from an index.
---@param index table
---@param host string
---@return table?
function lib.find_cert_in_index(index, host) end

---The certificate for a host.
---@param host string
---@return table?
function lib.find_host_cert(host) end

---An index of a directory.
---@param dir string
---@return table
function lib.index_certs(dir) end

---Does nothing: certificates are read again with the configuration.
function lib.reload_ssl_config() end

return lib
