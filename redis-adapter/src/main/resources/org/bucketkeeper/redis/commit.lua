-- commit.lua: applies all operations of a transaction if all its conditions hold, or none.
--
-- Keys: see common.lua.
-- Arguments: 3 the operation's id; 4 how many conditions there are; for each condition its kind (a: the key is absent,
-- c: it has that create revision, m: it has that mod revision), the key and the revision (0 for a); then for each
-- operation either p, key, lease id (0 for none) and value, or d and key.
-- Result: COMMITTED and the revision; REJECTED and the revision; or NO_LEASE and the lease that does not exist.
-- Sent twice with one id it is applied once: the second time it says what the first time said, as long as the id is
-- among the last 10,000. Its first write is the one to the log, which fails when memory is short and may fail when the
-- log is not ours: then nothing is written at all.

local MOST_OPERATIONS_KNOWN = 10000

local problem = begin()
if problem then
  return problem
end
local operation = ARGV[3]
local applied = redis.call('HGET', OPERATIONS, operation)
if applied then
  return { 'COMMITTED', applied }
end
expire()

local place = 5
for _ = 1, tonumber(ARGV[4]) do
  local kind, key, wanted = ARGV[place], ARGV[place + 1], ARGV[place + 2]
  local created, modified = decode(redis.call('HGET', ENTRIES, key))
  local holds
  if kind == 'a' then
    holds = not created
  elseif kind == 'c' then
    holds = created == wanted
  else
    holds = modified == wanted
  end
  if not holds then
    return { 'REJECTED', text(revision) }
  end
  place = place + 3
end

local next = text(revision + 1)
local fields = {}
local puts = {}
local deletes = {}
while place <= #ARGV do
  local key = ARGV[place + 1]
  local created, _, former = decode(redis.call('HGET', ENTRIES, key))
  if ARGV[place] == 'p' then
    local lease = ARGV[place + 2]
    if lease ~= '0' and redis.call('HEXISTS', TTLS, lease) == 0 then
      return { 'NO_LEASE', lease }
    end
    local entry = encode(created or next, next, lease, ARGV[place + 3])
    puts[#puts + 1] = { key = key, entry = entry, lease = lease, former = former }
    fields[#fields + 1] = 'p' .. key
    fields[#fields + 1] = entry
    place = place + 4
  else
    if created then
      deletes[#deletes + 1] = { key = key, former = former }
      fields[#fields + 1] = 'd' .. key
      fields[#fields + 1] = ''
    end
    place = place + 2
  end
end

if #fields == 0 then
  return { 'COMMITTED', text(revision) }
end
publish(fields)
for _, put in ipairs(puts) do
  redis.call('HSET', ENTRIES, put.key, put.entry)
  if not put.former then
    redis.call('ZADD', NAMES, 0, put.key)
  elseif put.former ~= '0' and put.former ~= put.lease then
    redis.call('ZREM', LEASED, put.former .. '/' .. put.key)
  end
  if put.lease ~= '0' and put.former ~= put.lease then
    redis.call('ZADD', LEASED, 0, put.lease .. '/' .. put.key)
  end
end
for _, delete in ipairs(deletes) do
  forget(delete.key, delete.former)
end
redis.call('HSET', OPERATIONS, operation, text(revision))
redis.call('LPUSH', RECENT, operation)
if redis.call('LLEN', RECENT) > MOST_OPERATIONS_KNOWN then
  redis.call('HDEL', OPERATIONS, redis.call('RPOP', RECENT))
end
return { 'COMMITTED', text(revision) }
