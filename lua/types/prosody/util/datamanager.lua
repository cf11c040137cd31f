---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Stores by user, host and name, as older modules use them: module:open_store is better.
---@class util.datamanager.library
local lib = {}

---Has what is stored seen and changed by a function.
---@param callback function
function lib.add_callback(callback) end

---Adds text to a file.
---@param username string?
---@param host string
---@param store string
---@param extension string
---@param text string
---@return boolean?
---@return string?
function lib.append_raw(username, host, store, extension, text) end

---The file, of a list or with the driver "internal".
---@param username string?
---@param host string
---@param store string
---@param extension? string
---@param create? boolean
---@return string
function lib.getpath(username, host, store, extension, create) end

---Adds to a list.
---@param username string?
---@param host string
---@param store string
---@param item any
---@return boolean?
---@return string?
function lib.list_append(username, host, store, item) end

---A list that is kept.
---@param username string?
---@param host string
---@param store string
---@return table?
---@return string?
function lib.list_load(username, host, store) end

---Keeps a list.
---@param username string?
---@param host string
---@param store string
---@param list table?
---@return boolean?
---@return string?
function lib.list_store(username, host, store, list) end

---What is kept.
---@param username string?
---@param host string
---@param store string
---@return any
---@return string?
function lib.load(username, host, store) end

---Undoes that.
---@param text string
---@return string
function lib.path_decode(text) end

---A text as the name of a file.
---@param text string
---@return string
function lib.path_encode(text) end

---Removes all that a user has.
---@param username string
---@param host string
---@return boolean?
---@return string?
function lib.purge(username, host) end

---Ends that.
---@param callback function
---@return boolean
function lib.remove_callback(callback) end

---Where the files are.
---@param path string?
function lib.set_data_path(path) end

---Keeps it.
---@param username string?
---@param host string
---@param store string
---@param data any
---@return boolean?
---@return string?
function lib.store(username, host, store, data) end

---Replaces a file in one step.
---@param path string
---@param text string
---@return boolean?
---@return string?
function lib.store_raw(path, text) end

---Iterates over the stores that have something of a user.
---@param username string?
---@param host string
---@param type? string
---@return fun(): string
function lib.stores(username, host, type) end

---Iterates over the users that have something.
---@param host string
---@param store string
---@return fun(): string
function lib.users(host, store) end

return lib
