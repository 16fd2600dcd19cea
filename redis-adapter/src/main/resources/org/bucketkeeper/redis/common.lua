-- common.lua: what every script begins with; it is put in front of each of them.
--
-- Looks at the server first, and refuses to go on if it is a replica, if it is to have replicas and has none, or if a
-- key of somebody else is in the way.
-- Makes the store if there is none, and notices when its data may have gone back: the server's replication id is
-- another than the one noted with the data, so that this server was restarted, was promoted or took the data over; or
-- nobody has looked for long by the server's clock, or it was set back, as when an older copy of the data was put in.
-- What is done then: the revision jumps ahead of any that may have been lost, so that none is given out twice; the
-- change log begins anew, so that every reader sees the gap and reads afresh; every lease lasts its full time again.
--
-- Keys (all scripts get the same nine):
--   1 hash    identity, revision, history (the server's replication id), clock (the last look at the leases)
--   2 hash    the entries: key -> "createRevision modRevision leaseId value"
--   3 zset    the entries' keys, all of score 0, for ranges
--   4 zset    the leases: id -> deadline by the server's clock, in microseconds
--   5 hash    the leases: id -> time to live in microseconds
--   6 zset    which lease holds which key: "leaseId/key", all of score 0
--   7 stream  the change log: one entry "revision-0" for each revision; its fields are "p" + key -> as in 2 for a put,
--             and "d" + key -> "" for a delete
--   8 hash    the last committed operations: operation id -> revision
--   9 list    the ids of 8, newest first
-- Arguments (all scripts): 1 what the identity of a store that has to be made begins with, 2 about how many entries the log keeps.
-- Result: that of the script behind it, or an error whose first word is BUCKETKEEPER, READONLY or NOREPLICAS.
--
-- Only the server's clock counts. Numbers stay below 2^53, where they are exact.

if redis.replicate_commands then
  redis.replicate_commands()
end

local META, ENTRIES, NAMES, LEASES, TTLS, LEASED, LOG, OPERATIONS, RECENT = unpack(KEYS)
local TYPES = { 'hash', 'hash', 'zset', 'zset', 'hash', 'zset', 'stream', 'hash', 'list' }

local LARGEST_LOSS = 32768
local HEAD_START = 2 * LARGEST_LOSS
local LONGEST_SILENCE = 10000000
local CLOCK_PRECISION = 1000000
local MOST_FIELDS = 7000
local CHUNK = 1000

local now, identity, history, revision, clock

local function text(number)
  return string.format('%.0f', number)
end

local function refusal(why)
  return redis.error_reply('BUCKETKEEPER ' .. why)
end

local function readTime()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000000 + tonumber(time[2])
end

-- Redis refuses to grow only before a script's first write. What frees memory or keeps a lease alive has to go on when
-- memory is short, so it begins with a write that needs none.
local function insist()
  redis.call('PERSIST', META)
end

local function foreignKey()
  for place, expected in ipairs(TYPES) do
    local found = redis.call('TYPE', KEYS[place]).ok
    if found ~= expected and found ~= 'none' then
      return refusal('the key ' .. KEYS[place] .. ' should be a ' .. expected .. ' but is a ' .. found)
    end
  end
  return nil
end

local function restartLeases()
  for _, lease in ipairs(redis.call('ZRANGE', LEASES, 0, -1)) do
    redis.call('ZADD', LEASES, text(now + tonumber(redis.call('HGET', TTLS, lease) or 0)), lease)
  end
end

local function beginLog()
  clock = now
  redis.call('HSET', META, 'identity', identity, 'revision', text(revision), 'history', history, 'clock', text(now))
  redis.call('DEL', LOG)
  redis.call('XADD', LOG, text(revision) .. '-0', 'e', '')
end

local function make()
  identity = ARGV[1] .. '-' .. text(now)
  -- Ahead of the clock, so that a store before this one, which may have jumped ahead a moment ago, is behind.
  revision = now + HEAD_START
  redis.call('HSET', META, 'identity', identity)
  redis.call('DEL', ENTRIES, NAMES, LEASES, TTLS, LEASED, OPERATIONS, RECENT)
  beginLog()
end

local function begin()
  local info = redis.call('INFO', 'replication')
  if string.find(info, 'role:slave', 1, true) then
    return redis.error_reply('READONLY this server is a replica')
  end
  -- Before version 7 Redis does not hold scripts to min-replicas-to-write.
  if string.find(info, 'min_slaves_good_slaves:0\r', 1, true) then
    return redis.error_reply('NOREPLICAS this server has lost the replicas that min-replicas-to-write asks for')
  end
  history = string.match(info, 'master_replid:(%x+)')
  if not history then
    return refusal('INFO replication does not tell master_replid, which shows when data may have been lost')
  end
  local foreign = foreignKey()
  if foreign then
    return foreign
  end
  now = readTime()
  local known = redis.call('HMGET', META, 'identity', 'revision', 'history', 'clock')
  identity, revision, clock = known[1], tonumber(known[2]), tonumber(known[4])
  if not identity then
    if redis.call('EXISTS', META) == 1 then
      return refusal('the key ' .. META .. ' is a hash of somebody else')
    end
    make()
  elseif not revision or not known[3] or not clock then
    return refusal('the key ' .. META .. ' is damaged')
  elseif known[3] ~= history or now - clock > LONGEST_SILENCE or now - clock < -CLOCK_PRECISION then
    -- Nor can anybody say how long the leases could not be renewed.
    insist()
    revision = math.max(revision + LARGEST_LOSS, now)
    restartLeases()
    beginLog()
  end
  return nil
end

-- Gives the changes in "fields" to the log as the next revision, which becomes the store's.
local function publish(fields)
  local next = revision + 1
  if #fields > MOST_FIELDS then
    -- Too much for one entry: the gap that this leaves makes every reader read afresh.
    next = revision + 2
    fields = { 'e', '' }
  end
  redis.call('XADD', LOG, 'MAXLEN', '~', ARGV[2], text(next) .. '-0', unpack(fields))
  redis.call('HSET', META, 'revision', text(next))
  revision = next
end

local function encode(created, modified, lease, value)
  return created .. ' ' .. modified .. ' ' .. lease .. ' ' .. value
end

-- Returns the create revision, the mod revision and the lease of an entry as texts; nil if there is none.
local function decode(entry)
  if not entry then
    return nil
  end
  return string.match(entry, '^(%d+) (%d+) (%d+) ')
end

local function forget(key, lease)
  redis.call('HDEL', ENTRIES, key)
  redis.call('ZREM', NAMES, key)
  if lease ~= '0' then
    redis.call('ZREM', LEASED, lease .. '/' .. key)
  end
end

-- Ends a lease and deletes its keys in one revision.
local function endLease(lease)
  insist()
  local fields = {}
  local keys = {}
  for _, member in ipairs(redis.call('ZRANGEBYLEX', LEASED, '[' .. lease .. '/', '(' .. lease .. '0')) do
    local key = string.sub(member, #lease + 2)
    local _, _, holder = decode(redis.call('HGET', ENTRIES, key))
    if holder == lease then
      keys[#keys + 1] = key
      fields[#fields + 1] = 'd' .. key
      fields[#fields + 1] = ''
    else
      -- Left by a transaction that the server broke off half-way, for want of a right.
      redis.call('ZREM', LEASED, member)
    end
  end
  if #keys > 0 then
    publish(fields)
  end
  for _, key in ipairs(keys) do
    forget(key, lease)
  end
  redis.call('ZREM', LEASES, lease)
  redis.call('HDEL', TTLS, lease)
end

-- Ends the leases that ran out.
local function expire()
  for _, lease in ipairs(redis.call('ZRANGEBYSCORE', LEASES, '-inf', text(now))) do
    endLease(lease)
  end
end

-- Notes that the leases were looked after.
local function noteTime()
  if math.abs(now - clock) > CLOCK_PRECISION then
    insist()
    redis.call('HSET', META, 'clock', text(now))
  end
end
