---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Stores by user, host and name, as older modules use them: module:open_store is better.
---@class util.datamanager.library
local lib = {}

---Has what is stored seen and changed by a function.
---@param callback function
function lib.add_callback(callback) end

---The file, with the driver "internal".
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

---Ends that.
---@param callback function
---@return boolean
function lib.remove_callback(callback) end

---Keeps it.
---@param username string?
---@param host string
---@param store string
---@param data any
---@return boolean?
---@return string?
function lib.store(username, host, store, data) end

---Iterates over the users that have something.
---@param host string
---@param store string
---@return fun(): string
function lib.users(host, store) end

return lib
