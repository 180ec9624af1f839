using System.Globalization;
using Samepage.Platform;

namespace Samepage.Peer;

/// <summary>The commands, each on objects that earlier ones opened.</summary>
internal static class Commands
{
    public static string Run(OpenObjects objects, string[] words)
    {
        string name = words.Length > 1 ? words[1] : "";
        switch (words[0])
        {
            case "section":
                objects.Add(name, new Mapped(SharedMemory.Create(name, Number(words[2]))));
                return "";
            case "reserve":
                objects.Add(name, new Mapped(SharedMemory.Create(name, Number(words[2]), new SharedMemoryOptions { Reserve = true })));
                return "";
            case "file":
                objects.Add(name, new Mapped(SharedMemory.CreateFromFile(words[2])));
                return "";
            case "open":
                objects.Add(words[2], Open(name, words[2]));
                return "";
            case "mutex":
                SharedMutex mutex = SharedMutex.CreateOrOpen(name, out bool created, initiallyOwned: words.Length > 2);
                objects.Add(name, mutex);
                return created ? "created" : "opened";
            case "lock":
                objects.Add(name, SharedLock.CreateOrOpen(name, out bool isNew));
                return isNew ? "created" : "opened";
            case "reader-writer":
                objects.Add(name, SharedReaderWriterLock.CreateOrOpen(name, out bool made));
                return made ? "created" : "opened";
            case "event":
                objects.Add(name, SharedEvent.CreateOrOpen(name, words[2] == "auto" ? EventResetMode.AutoReset : EventResetMode.ManualReset));
                return "";
            case "semaphore":
                objects.Add(name, SharedSemaphore.CreateOrOpen(name, (int)Number(words[2]), (int)Number(words[3])));
                return "";
            case "put":
                objects.Get<Mapped>(name).View.GetReference<byte>(Number(words[2])) = (byte)Number(words[3]);
                return "";
            case "get":
                return objects.Get<Mapped>(name).View.GetReadOnlyReference<byte>(Number(words[2])).ToString(CultureInfo.InvariantCulture);
            case "commit":
                objects.Get<Mapped>(name).Section.Commit(Number(words[2]));
                return "";
            case "channel":
                objects.Add(name, SharedMemory.TryOpenOfKind(Enum.Parse<SharedObjectKind>(words[2]), ObjectName.Parse(name))
                    ?? throw new InvalidOperationException($"there is no {name}"));
                return "";
            case "commit-range":
                objects.Get<SharedMemory>(name).CommitRange(Number(words[2]), Number(words[3]));
                return "";
            case "ring":
                objects.Add("ring-" + name, objects.Get<SharedMemory>(name).MapMirroredReserved(Number(words[2]), Number(words[3])));
                return "";
            case "ring-put":
                objects.Get<MemoryView>("ring-" + name).GetReference<byte>(Number(words[2])) = (byte)Number(words[3]);
                return "";
            case "ring-get":
                return objects.Get<MemoryView>("ring-" + name).GetReadOnlyReference<byte>(Number(words[2])).ToString(CultureInfo.InvariantCulture);
            case "committed":
                return objects.Get<Mapped>(name).Section.CommittedSize.ToString(CultureInfo.InvariantCulture);
            case "wait":
                return objects.Get<SharedWaitable>(name).Wait(TimeSpan.FromMilliseconds(Number(words[2]))).ToString();
            case "any":
            case "all":
                SharedWaitable[] several = [.. words.Skip(2).Select(objects.Get<SharedWaitable>)];
                var time = TimeSpan.FromMilliseconds(Number(words[1]));
                SharedWaitResult ended = words[0] == "any" ? SharedWait.Any(several, time) : SharedWait.All(several, time);
                return string.Create(CultureInfo.InvariantCulture, $"{ended.Result} {ended.Index}");
            case "any-async":
            case "all-async":
                SharedWaitable[] awaited = [.. words.Skip(2).Select(objects.Get<SharedWaitable>)];
                var patience = TimeSpan.FromMilliseconds(Number(words[1]));
                ValueTask<SharedWaitResult> pending = words[0] == "any-async" ? SharedWait.AnyAsync(awaited, patience) : SharedWait.AllAsync(awaited, patience);
                SharedWaitResult came = pending.AsTask().GetAwaiter().GetResult();
                return string.Create(CultureInfo.InvariantCulture, $"{came.Result} {came.Index}");
            case "read":
                return objects.Get<SharedReaderWriterLock>(name).EnterRead(TimeSpan.FromMilliseconds(Number(words[2]))).ToString();
            case "write":
                return objects.Get<SharedReaderWriterLock>(name).EnterWrite(TimeSpan.FromMilliseconds(Number(words[2]))).ToString();
            case "end-read":
                objects.Get<SharedReaderWriterLock>(name).ExitRead();
                return "";
            case "end-write":
                objects.Get<SharedReaderWriterLock>(name).ExitWrite();
                return "";
            case "release":
                return Release(objects, name, words);
            case "set":
                objects.Get<SharedEvent>(name).Set();
                return "";
            case "reset":
                objects.Get<SharedEvent>(name).Reset();
                return "";
            case "join":
                SharedMembership membership = objects.Get<IDisposable>(name) is Mapped joined ? joined.Section.Join() : objects.Get<SharedWaitable>(name).Join();
                objects.Add("member-" + name, membership);
                return membership.Id.ToString(CultureInfo.InvariantCulture);
            case "participants":
                return objects.Get<SharedWaitable>(name).Participants().Count.ToString(CultureInfo.InvariantCulture);
            case "watch":
                if (!objects.Get<SharedWaitable>(name).Participants().Single(p => p.Id == Number(words[2])).TryWatch(out SharedTether? tether))
                    return "gone";
                objects.Add("tether-" + name, tether);
                return "";
            case "life":
                return Host.Platform.ProcessLife(Enum.Parse<SharedObjectScope>(name)).ToString(CultureInfo.InvariantCulture);
            case "kind":
                return SharedObjects.Find(name)?.Kind.ToString() ?? "none";
            case "close":
                objects.Close(name);
                return "";
            case "arm":
                Environment.SetEnvironmentVariable("SAMEPAGE_CRASH_AT", name);
                return "";
            case "stop-at":
                Environment.SetEnvironmentVariable("SAMEPAGE_STOP_AT", name);
                return "";
            case "pairs":
                return Torture.Pairs(name);
            case "lifetime":
                return Torture.Lifetime(name);
            case "exclusion":
                return Torture.Exclusion(name);
            case "thread":
                return TakeAndEnd(objects.Get<SharedMutex>(name));
            case "keep":
                return TakeAndKeep(objects.Get<SharedMutex>(name));
            case var queue when queue.StartsWith("queue", StringComparison.Ordinal):
                return QueueCommands.Run(objects, words);
            case var service when service.StartsWith("service", StringComparison.Ordinal):
                return ServiceCommands.Run(objects, words);
            case var pipe when pipe.StartsWith("pipe-", StringComparison.Ordinal):
                return PipeCommands.Run(objects, words);
            default:
                return TopicCommands.Run(objects, words) ?? CellCommands.Run(objects, words) ?? throw new InvalidOperationException($"unknown command {words[0]}");
        }
    }

    private static IDisposable Open(string kind, string name) => kind switch
    {
        "section" => new Mapped(SharedMemory.Open(name)),
        "mutex" => SharedMutex.Open(name),
        "lock" => SharedLock.Open(name),
        "reader-writer" => SharedReaderWriterLock.Open(name),
        "event" => SharedEvent.Open(name),
        "semaphore" => SharedSemaphore.Open(name),
        _ => throw new InvalidOperationException($"unknown kind {kind}"),
    };

    private static string Release(OpenObjects objects, string name, string[] words)
    {
        switch (objects.Get<SharedWaitable>(name))
        {
            case SharedMutex mutex:
                mutex.Release();
                return "";
            case SharedLock held:
                held.Release();
                return "";
            case SharedSemaphore semaphore:
                return semaphore.Release(words.Length > 2 ? (int)Number(words[2]) : 1).ToString(CultureInfo.InvariantCulture);
            default:
                throw new InvalidOperationException("not releasable");
        }
    }

    /// <summary>A thread that takes the mutex and ends without releasing it.</summary>
    private static string TakeAndEnd(SharedMutex mutex)
    {
        var thread = new Thread(() => mutex.Wait());
        thread.Start();
        thread.Join();
        return "";
    }

    /// <summary>A thread that takes the mutex and keeps it as long as the process lives.</summary>
    private static string TakeAndKeep(SharedMutex mutex)
    {
        using var taken = new ManualResetEventSlim();
        new Thread(() =>
        {
            mutex.Wait();
            taken.Set();
            Thread.Sleep(Timeout.Infinite);
        })
        { IsBackground = true }.Start();
        taken.Wait();
        return "";
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
