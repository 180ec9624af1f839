using System.Diagnostics;
using System.IO.MemoryMappedFiles;
using System.IO.Pipes;
using Samepage.Bench.Harness;
using Samepage.Channels;

namespace Samepage.Bench.Cases;

/// <summary>The first object of a process, used once: a process for each sample, and in it the code that the runtime compiles first.</summary>
internal sealed class StartUp : Suite
{
    public const string Role = "start-up-";

    private const int Size = 4096;

    /// <summary>Each sample is a process.</summary>
    private const int Most = 11;

    private static readonly Dictionary<string, Action<string>> _firsts = new()
    {
        ["SharedMutex"] = TakeMutex,
        ["Mutex"] = TakeNamed,
        ["SharedMemory"] = MapMemory,
        ["MemoryMappedFile"] = MapFile,
        ["Topic"] = PublishMessage,
        ["AnonymousPipe"] = WriteMessage,
    };

    public StartUp()
    {
        Contender First(string what, string title) => new FirstContender(title, what, UniqueName($"first-{what}"));
        Comparisons =
        [
            Row("a mutex made, taken and given back", First("SharedMutex", "SharedMutex"), First("Mutex", ".NET named Mutex")),
            Row("4 KiB made, mapped and written", First("SharedMemory", "SharedMemory"), First("MemoryMappedFile", ".NET MemoryMappedFile over a file")),
            Row("a topic made, a message published and read", First("Topic", "Topic"), First("AnonymousPipe", ".NET anonymous pipe, a message written and read")),
        ];
    }

    public override IReadOnlyList<Comparison> Comparisons { get; }

    public override Rounds Of(Rounds usual) => usual with { Count = Math.Min(usual.Count / 2, Most), WarmsUp = false };

    /// <summary>A process that makes one of them before anything else, and tells how long that took.</summary>
    public static void Serve(string what, string name)
    {
        Action<string> first = _firsts[what];
        long start = Stopwatch.GetTimestamp();
        first(name);
        long nanoseconds = (long)Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        PeerLoop.Serve(_ => nanoseconds);
    }

    private static Comparison Row(string what, Contender subject, Contender reference) =>
        new($"first of a process: {what}", subject, reference, null) { MustNotAllocate = false };

    private static void TakeMutex(string name)
    {
        using SharedMutex mutex = SharedMutex.Create(name);
        _ = mutex.Wait();
        mutex.Release();
    }

    private static void TakeNamed(string name)
    {
        using var mutex = new Mutex(initiallyOwned: false, name);
        _ = mutex.WaitOne();
        mutex.ReleaseMutex();
    }

    private static void MapMemory(string name)
    {
        using SharedMemory section = SharedMemory.Create(name, Size);
        using MemoryView view = section.Map();
        view.Span[0] = 1;
    }

    private static void MapFile(string name)
    {
        string path = Path.Combine(Path.GetTempPath(), name);
        using (var file = MemoryMappedFile.CreateFromFile(path, FileMode.CreateNew, null, Size))
        using (MemoryMappedViewAccessor view = file.CreateViewAccessor())
            view.Write(0, (byte)1);
        File.Delete(path);
    }

    private static void PublishMessage(string name)
    {
        using Topic topic = Topic.Create(name);
        using TopicPublisher publisher = topic.CreatePublisher();
        using TopicSubscriber subscriber = topic.Subscribe(new SubscriptionOptions { History = SubscriptionOptions.All });
        _ = publisher.Publish([1]);
        subscriber.Read().Dispose();
    }

    private static void WriteMessage(string name)
    {
        using var output = new AnonymousPipeServerStream(PipeDirection.Out);
        using var input = new AnonymousPipeClientStream(PipeDirection.In, output.ClientSafePipeHandle);
        output.WriteByte(1);
        _ = input.ReadByte();
    }

    private sealed class FirstContender(string title, string what, string name) : Contender(title, Unit.Nanoseconds)
    {
        public override Reading Measure(TimeSpan length)
        {
            using PeerProcess peer = PeerProcess.Own(core: null, Environment.ProcessorCount, $"{Role}{what}", name, "alone");
            peer.Send("run 1");
            return new Reading(peer.Receive().Value, Operations: 1, AllocatedBytes: 0);
        }
    }
}
