---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---What prosodyctl does, for commands of modules.
---@class util.prosodyctl.library
local lib = {}

---Makes an account.
---@param params table
---@return boolean
---@return string?
function lib.adduser(params) end

---Removes an account.
---@param params table
---@return boolean
---@return string?
function lib.deluser(params) end

---The server's process.
---@return boolean
---@return integer
function lib.getpid() end

---Whether the server runs.
---@return boolean
---@return boolean
function lib.isrunning() end

---Changes a password.
---@param params table
---@return boolean
---@return string?
function lib.passwd(params) end

---Prints.
---@param format string
---@param ... any
function lib.show_message(format, ...) end

---Prints how something is used.
---@param usage string
---@param description? string
function lib.show_usage(usage, description) end

---Prints a warning.
---@param format string
---@param ... any
function lib.show_warning(format, ...) end

---Whether there is an account.
---@param params table
---@return boolean
function lib.user_exists(params) end

return lib
