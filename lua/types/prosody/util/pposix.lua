---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---The operating system.
---@class util.pposix.library
local lib = {}

---Appends all or nothing.
---@param file file*
---@param text string
---@return boolean?
---@return string?
function lib.atomic_append(file, text) end

---The group.
---@return integer
function lib.getgid() end

---The process.
---@return integer
function lib.getpid() end

---A limit of the process.
---@param resource string
---@return boolean
---@return integer|string
---@return integer?
function lib.getrlimit(resource) end

---The user.
---@return integer
function lib.getuid() end

---Whether a file is a terminal.
---@param file file*
---@return boolean
function lib.isatty(file) end

---How much memory is used.
---@return table
function lib.meminfo() end

---Makes a directory.
---@param path string
---@return boolean
---@return string?
function lib.mkdir(path) end

---What system this is.
---@return table
function lib.uname() end

return lib
