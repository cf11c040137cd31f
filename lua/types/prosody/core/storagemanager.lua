---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Stores of hosts; module:open_store is what modules need.
---@class core.storagemanager.library
local lib = {}

---What opens the stores of a host.
---@param host string
---@param store? string
---@return table
function lib.get_driver(host, store) end

---Does nothing: hosts are ready when they are activated.
---@param host string
function lib.initialize_host(host) end

---The driver of a name.
---@param host string
---@param name string
---@return table?
---@return string?
function lib.load_driver(host, name) end

---Opens a store.
---@param host string
---@param store string
---@param type? string
---@return Store?
---@return string?
function lib.open(host, store, type) end

---Removes what all stores of a host have of a user.
---@param username string
---@param host string
---@return boolean?
---@return string?
function lib.purge(username, host) end

return lib
