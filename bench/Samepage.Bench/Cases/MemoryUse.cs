using System.IO.MemoryMappedFiles;
using Samepage.Bench.Harness;
using Samepage.Channels;

namespace Samepage.Bench.Cases;

/// <summary>What each object, channel and participant takes of the machine's memory: of its process, and of what processes share.</summary>
internal sealed class MemoryUse : Suite
{
    public const string Role = "memory-";

    private const int Count = 200;
    private const int Capacity = 64 << 10;
    private const int Most = 5;

    /// <summary>How the i-th of each is made.</summary>
    private static readonly Dictionary<string, Func<string, int, IDisposable>> _kinds = new()
    {
        ["mutex"] = (name, i) => SharedMutex.Create($"{name}-{i}"),
        ["named mutex"] = (name, i) => new Mutex(initiallyOwned: false, $"{name}-{i}"),
        ["cell"] = (name, i) => Cell.Create($"{name}-{i}"),
        ["topic"] = (name, i) => Topic.Create($"{name}-{i}", new TopicOptions { Capacity = Capacity }),
        ["topic with a publisher"] = (name, i) => new AttendedTopic($"{name}-{i}", subscribers: 0),
        ["topic with two participants"] = (name, i) => new AttendedTopic($"{name}-{i}", subscribers: 1),
        ["topic with nine participants"] = (name, i) => new AttendedTopic($"{name}-{i}", subscribers: 8),
        ["pipe"] = (_, _) => new ConnectedPipe(),
        ["queue"] = (name, i) => Queue.Create($"{name}-{i}", new QueueOptions { Capacity = Capacity }),
        ["mapped file"] = (name, i) => new MappedFile($"{name}-{i}"),
    };

    public MemoryUse()
    {
        Contender Of(string kind) => new MemoryContender(kind, Own(PeerProcess.Own(core: null, processorCount: 2, $"{Role}{kind}", UniqueName($"memory-{kind.Replace(' ', '-')}"), "alone")));
        Contender file = Of("mapped file");
        Comparisons =
        [
            new("memory of a mutex", Of("mutex"), Of("named mutex"), null) { MustNotAllocate = false },
            new("memory of a cell of 64 bytes", Of("cell"), file, null) { MustNotAllocate = false },
            new("memory of a topic of 64 KiB, nobody there", Of("topic"), file, null) { MustNotAllocate = false },
            new("memory of a topic of 64 KiB, a publisher, a message written", Of("topic with a publisher"), file, null) { MustNotAllocate = false },
            new("memory of a topic of 64 KiB, a publisher and a subscriber, a message on the way", Of("topic with two participants"), file, null) { MustNotAllocate = false },
            new("memory of a topic of 64 KiB, a publisher and eight subscribers, a message on the way", Of("topic with nine participants"), file, null) { MustNotAllocate = false },
            new("memory of a queue of 64 KiB, nobody there", Of("queue"), file, null) { MustNotAllocate = false },
            new("memory of a pipe of 64 KiB each way, both ends, a byte on the way", Of("pipe"), file, null) { MustNotAllocate = false },
        ];
    }

    public override IReadOnlyList<Comparison> Comparisons { get; }

    public override Rounds Of(Rounds usual) => usual with { Count = Math.Min(usual.Count, Most), WarmsUp = false };

    /// <summary>A process that makes some of them whenever it is asked, and tells what each took.</summary>
    public static void Serve(string kind, string name)
    {
        // What the first of a kind makes is made once for all.
        _ = Made(kind, name, 1);
        PeerLoop.Serve(words => Made(kind, name, int.Parse(words[1])));
    }

    private static long Made(string kind, string name, int count)
    {
        long before = MemoryTaken();
        IDisposable[] all = [.. Enumerable.Range(0, count).Select(i => _kinds[kind](name, i))];
        long taken = MemoryTaken() - before;
        foreach (IDisposable one in all)
            one.Dispose();
        return taken / count;
    }

    /// <summary>In bytes: this process's own (proc_pid_smaps(5)), and all shared memory of the machine (proc_meminfo(5)).</summary>
    private static long MemoryTaken()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Field("/proc/self/smaps_rollup", "Pss_Anon:") + Field("/proc/self/smaps_rollup", "Pss_File:") + Field("/proc/meminfo", "Shmem:");
    }

    private static long Field(string file, string name) =>
        long.Parse(File.ReadLines(file).Single(l => l.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) << 10;

    private sealed class MemoryContender(string title, PeerProcess peer) : Contender(title, Unit.Bytes)
    {
        public override string? Missing => OperatingSystem.IsLinux() ? null : "only Linux tells";

        public override Reading Measure(TimeSpan length)
        {
            peer.Send($"run {Count}");
            return new Reading(peer.Receive().Value, Count, AllocatedBytes: 0);
        }
    }

    /// <summary>A topic that is in use, by this process alone.</summary>
    private sealed class AttendedTopic : IDisposable
    {
        private readonly Topic _topic;
        private readonly TopicPublisher _publisher;
        private readonly TopicSubscriber[] _subscribers;

        public AttendedTopic(string name, int subscribers)
        {
            _topic = Topic.Create(name, new TopicOptions { Capacity = Capacity });
            _subscribers = [.. Enumerable.Range(0, subscribers).Select(_ => _topic.Subscribe())];
            _publisher = _topic.CreatePublisher();
            _ = _publisher.Publish([1]);
        }

        public void Dispose()
        {
            _publisher.Dispose();
            foreach (TopicSubscriber subscriber in _subscribers)
                subscriber.Dispose();
            _topic.Dispose();
        }
    }

    private sealed class ConnectedPipe : IDisposable
    {
        private readonly PipeConnection _maker;
        private readonly PipeConnection _joiner;

        public ConnectedPipe()
        {
            _maker = PipeConnection.CreatePair(out string handle, new PipeOptions { Capacity = Capacity });
            _joiner = PipeConnection.OpenHandle(handle);
            _maker.AsStream().WriteByte(1);
        }

        public void Dispose()
        {
            _joiner.Dispose();
            _maker.Dispose();
        }
    }

    /// <summary>As many bytes in a file that is mapped, written once.</summary>
    private sealed class MappedFile : IDisposable
    {
        private readonly string _path;
        private readonly MemoryMappedFile _file;
        private readonly MemoryMappedViewAccessor _view;

        public MappedFile(string name)
        {
            _path = Path.Combine("/dev/shm", name);
            _file = MemoryMappedFile.CreateFromFile(_path, FileMode.CreateNew, null, Capacity);
            _view = _file.CreateViewAccessor();
            _view.WriteArray(0, new byte[Capacity], 0, Capacity);
        }

        public void Dispose()
        {
            _view.Dispose();
            _file.Dispose();
            File.Delete(_path);
        }
    }
}
