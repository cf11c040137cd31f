-- util.compat: the old home of xpcall.

return { xpcall = require "util.xpcall".xpcall };
