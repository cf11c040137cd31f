---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---The configuration; module:get_option is what modules need.
---@class core.configmanager.library
local lib = {}

---An option of a host, or else the global one.
---@param host string
---@param name string
---@return any
function lib.get(host, name) end

---All sections, by host.
---@return table
function lib.getconfig() end

---Says that another configuration cannot be loaded: the server has one, which prosody.reload_config() reads again.
---@param filename string
---@param format? string
---@return nil
---@return string
function lib.load(filename, format) end

---An option of one section.
---@param host string
---@param name string
---@return any
function lib.rawget(host, name) end

---A path relative to another.
---@param parent string
---@param path string
---@return string
function lib.resolve_relative_path(parent, path) end

---Changes an option until the configuration is read again.
---@param host string
---@param name string
---@param value any
---@return boolean?
---@return string?
function lib.set(host, name, value) end

return lib
