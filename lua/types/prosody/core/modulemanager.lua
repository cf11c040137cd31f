---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---The modules of hosts.
---@class core.modulemanager.library
local lib = {}

---Calls it: true and the results, or false and an error.
---@param module table
---@param method string
---@param ... any
---@return boolean
---@return any
function lib.call_module_method(module, method, ...) end

---The items that the modules of a host offer under a key.
---@param key string
---@param host? string
---@return table
function lib.get_items(key, host) end

---The globals of a loaded module.
---@param host string
---@param name string
---@return table?
function lib.get_module(host, name) end

---All modules of a host.
---@param host? string
---@return table<string, table>
function lib.get_modules(host) end

---The names that the configuration enables on a host.
---@param host string
---@return util.set
function lib.get_modules_for_host(host) end

---Whether a module is loaded.
---@param host string
---@param name string
---@return boolean
function lib.is_loaded(host, name) end

---Loads a module; gives its globals.
---@param host string
---@param name string
---@return table?
---@return string?
function lib.load(host, name) end

---Whether a module, given as its globals, has set a function like `module.save`.
---@param module table
---@param method string
---@return boolean
function lib.module_has_method(module, method) end

---Loads a module anew.
---@param host string
---@param name string
---@return boolean?
---@return string?
function lib.reload(host, name) end

---Unloads a module.
---@param host string
---@param name string
---@return boolean?
---@return string?
function lib.unload(host, name) end

return lib
