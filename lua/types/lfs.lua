---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Files (LuaFileSystem).
---@class lfs.library
local lib = {}

---What is known of a file.
---@param path string
---@param what? string|table
---@return any
---@return string?
function lib.attributes(path, what) end

---The working directory.
---@return string?
---@return string?
function lib.currentdir() end

---Iterates over the names in a directory.
---@param path string
---@return function
---@return table
function lib.dir(path) end

---Makes a directory.
---@param path string
---@return boolean?
---@return string?
function lib.mkdir(path) end

---Removes an empty directory.
---@param path string
---@return boolean?
---@return string?
function lib.rmdir(path) end

---The same of a link itself.
---@param path string
---@param what? string|table
---@return any
---@return string?
function lib.symlinkattributes(path, what) end

---Changes the times of a file.
---@param path string
---@param atime? number
---@param mtime? number
---@return boolean?
---@return string?
function lib.touch(path, atime, mtime) end

return lib
