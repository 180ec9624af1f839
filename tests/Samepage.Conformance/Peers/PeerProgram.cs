using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Samepage.Channels;

namespace Samepage.Conformance.Peers;

/// <summary>The other process: one verb a line, objects by the label that the test gives them.</summary>
internal static class PeerProgram
{
    private static readonly Dictionary<string, object> _objects = [];

    public static int Run(TextReader input, TextWriter output)
    {
        output.NewLine = "\n";
        Say(output, "ready");
        while (input.ReadLine() is { } line)
        {
            string[] words = [.. line.Split(' ').Select(Uri.UnescapeDataString)];
            Say(output, "begun");
            try
            {
                Say(output, "ok " + Uri.EscapeDataString(Do(words[0], words[1..])));
            }
            catch (Exception e)
            {
                string reason = e is SharedObjectException shared ? shared.Reason.ToString() : e.GetType().Name;
                Say(output, "no " + Uri.EscapeDataString($"{reason} {e.HResult & 0xFFFF}: {e.Message}"));
            }
        }
        return 0;
    }

    private static void Say(TextWriter output, string line)
    {
        output.WriteLine(line);
        output.Flush();
    }

    private static T Get<T>(string label) => (T)_objects[label];

    private static string Keep(string label, object value)
    {
        _objects.Add(label, value);
        return "";
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static TimeSpan Time(string milliseconds) =>
        Number(milliseconds) is var n && n < 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(n);

    private static string Do(string verb, string[] a)
    {
        switch (verb)
        {
            case "create-section":
                return Keep(a[0], SharedMemory.Create(a[1], Number(a[2])));
            case "open-section":
                return Keep(a[0], SharedMemory.Open(a[1], a.Length > 2 ? Enum.Parse<MemoryAccess>(a[2]) : MemoryAccess.ReadWrite));
            case "adopt-section":
                return Keep(a[0], SharedMemory.OpenHandle(a[1]));
            case "anonymous-section":
                return Keep(a[0], SharedMemory.CreateAnonymous(Number(a[1])));
            case "offer":
                var lent = Get<SharedMemory>(a[1]).Offer();
                _ = Keep(a[0], lent);
                return lent.Text;
            case "section-size":
                return Get<SharedMemory>(a[0]).Size.ToString(CultureInfo.InvariantCulture);
            case "section-info":
                SharedObjectInfo info = Get<SharedMemory>(a[0]).Info;
                return string.Join('|', info.Name, info.Kind, info.Scope, info.Size, info.CreatorProcessId, info.CreatorProgram, info.Created.UtcTicks);
            case "commit":
                Get<SharedMemory>(a[0]).Commit(Number(a[1]));
                return "";
            case "map":
                return Keep(a[0], Get<SharedMemory>(a[1]).Map(Number(a[2]), Number(a[3]), a.Length > 4 ? Enum.Parse<MemoryAccess>(a[4]) : null));
            case "write":
                Convert.FromHexString(a[2]).CopyTo(Get<MemoryView>(a[0]).GetSpan(Number(a[1]), a[2].Length / 2));
                return "";
            case "read":
                return Convert.ToHexString(Get<MemoryView>(a[0]).GetReadOnlySpan(Number(a[1]), (int)Number(a[2])));
            case "flush":
                Get<MemoryView>(a[0]).Flush();
                return "";
            case "create-mutex":
                return Keep(a[0], SharedMutex.Create(a[1], bool.Parse(a[2])));
            case "open-mutex":
                return Keep(a[0], SharedMutex.Open(a[1]));
            case "release-mutex":
                Get<SharedMutex>(a[0]).Release();
                return "";
            case "abandon-mutex":
                SharedMutex mutex = Get<SharedMutex>(a[0]);
                var thread = new Thread(() => mutex.Wait());
                thread.Start();
                thread.Join();
                return "";
            case "open-lock":
                return Keep(a[0], SharedLock.Open(a[1]));
            case "release-lock":
                Get<SharedLock>(a[0]).Release();
                return "";
            case "open-reader-writer":
                return Keep(a[0], SharedReaderWriterLock.Open(a[1]));
            case "enter-read":
                return Get<SharedReaderWriterLock>(a[0]).EnterRead(TimeSpan.FromMilliseconds(long.Parse(a[1], CultureInfo.InvariantCulture))).ToString();
            case "enter-write":
                return Get<SharedReaderWriterLock>(a[0]).EnterWrite(TimeSpan.FromMilliseconds(long.Parse(a[1], CultureInfo.InvariantCulture))).ToString();
            case "create-event":
                return Keep(a[0], SharedEvent.Create(a[1], Enum.Parse<EventResetMode>(a[2]), bool.Parse(a[3])));
            case "open-event":
                return Keep(a[0], SharedEvent.Open(a[1]));
            case "set-event":
                Get<SharedEvent>(a[0]).Set();
                return "";
            case "reset-event":
                Get<SharedEvent>(a[0]).Reset();
                return "";
            case "create-semaphore":
                return Keep(a[0], SharedSemaphore.Create(a[1], (int)Number(a[2]), (int)Number(a[3])));
            case "open-semaphore":
                return Keep(a[0], SharedSemaphore.Open(a[1]));
            case "release-semaphore":
                return Get<SharedSemaphore>(a[0]).Release((int)Number(a[1])).ToString(CultureInfo.InvariantCulture);
            case "join":
                SharedMembership membership = _objects[a[1]] is SharedMemory joined ? joined.Join() : Get<SharedWaitable>(a[1]).Join();
                _ = Keep(a[0], membership);
                return membership.Id.ToString(CultureInfo.InvariantCulture);
            case "watch":
                return Get<SharedWaitable>(a[1]).Participants().Single(p => p.Id == Number(a[2])).TryWatch(out SharedTether? tether)
                    ? Keep(a[0], tether)
                    : "gone";
            case "pipe-listen":
                return Keep(a[0], PipeListener.Create(a[1]));
            case "pipe-acceptable":
                return Get<PipeListener>(a[0]).Acceptable.Wait().ToString();
            case "pipe-connect":
                return Keep(a[0], PipeConnection.Connect(a[1]));
            case "pipe-open":
                return Keep(a[0], PipeConnection.OpenHandle(a[1]));
            case "pipe-write":
                Get<PipeConnection>(a[0]).AsStream(leaveOpen: true).Write(new byte[Number(a[1])]);
                return "";
            case "pipe-read":
                byte[] bytes = new byte[Number(a[1])];
                Get<PipeConnection>(a[0]).AsStream(leaveOpen: true).ReadExactly(bytes);
                return Encoding.UTF8.GetString(bytes);
            case "wait":
                return Get<SharedWaitable>(a[0]).Wait(Time(a[1])).ToString();
            case "wait-async":
                return Get<SharedWaitable>(a[0]).WaitAsync(Time(a[1])).AsTask().GetAwaiter().GetResult().ToString();
            case "begin-async":
                _ = Keep(a[0], BeginAsync([.. a[2..].Select(Get<SharedWaitable>)], (int)Number(a[1])));
                return "";
            case "wait-mark":
                // Found before the wait: between the signal's taking and its mark lies one store, and nothing that must be compiled first.
                ref byte mark = ref Get<MemoryView>(a[1]).GetReference<byte>(Number(a[2]));
                _ = Get<SharedWaitable>(a[0]).Wait();
                mark = 1;
                return "";
            case "wait-many":
                return WaitMany(Get<SharedWaitable>(a[0]), (int)Number(a[1]), Get<SharedSemaphore>(a[2]));
            case "any":
            case "all":
                SharedWaitable[] several = [.. a[1..].Select(Get<SharedWaitable>)];
                SharedWaitResult ended = verb == "any" ? SharedWait.Any(several, Time(a[0])) : SharedWait.All(several, Time(a[0]));
                return $"{ended.Result} {ended.Index}";
            case "any-many":
                return AnyMany([.. a[2..].Select(Get<SharedWaitable>)], (int)Number(a[0]), Get<SharedSemaphore>(a[1]));
            case "all-many":
                SharedWaitable[] together = [.. a[1..].Select(Get<SharedWaitable>)];
                for (long i = Number(a[0]); i > 0; i--)
                {
                    _ = SharedWait.All(together);
                    foreach (SharedWaitable taken in together)
                        _ = ((SharedSemaphore)taken).Release();
                }
                return "";
            case "count":
                return Count(Get<SharedMutex>(a[0]), Get<MemoryView>(a[1]), (int)Number(a[2]));
            case "dispose":
                Get<IDisposable>(a[0]).Dispose();
                _objects.Remove(a[0]);
                return "";
            case "exists":
                return (SharedObjects.Find(a[0]) is not null).ToString();
            case var _ when verb.StartsWith("queue-", StringComparison.Ordinal) || verb.StartsWith("mailbox-", StringComparison.Ordinal):
                return QueueVerbs.Do(verb, a);
            default:
                throw new ArgumentException($"There is no verb {verb}.", nameof(verb));
        }
    }

    /// <summary>Several threads of this process wait for one object; each that gets it reports to the other.</summary>
    private static string WaitMany(SharedWaitable awaited, int threads, SharedSemaphore report)
    {
        Thread[] all = [.. Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            if (awaited.Wait() == WaitResult.Signaled)
                report.Release();
        }))];
        foreach (Thread thread in all)
            thread.Start();
        foreach (Thread thread in all)
            thread.Join();
        return "";
    }

    /// <summary>Waits that nobody here awaits: so many for each object, for any and for all of them.</summary>
    private static Task[] BeginAsync(SharedWaitable[] several, int times) =>
    [
        .. several.SelectMany(s => Enumerable.Range(0, times).Select(_ => (Task)s.WaitAsync().AsTask())),
        .. Enumerable.Range(0, times).Select(_ => SharedWait.AnyAsync(several).AsTask()),
        .. Enumerable.Range(0, times).Select(_ => SharedWait.AllAsync(several).AsTask()),
    ];

    /// <summary>Several threads of this process wait for any of the objects; each that gets one reports to the other.</summary>
    private static string AnyMany(SharedWaitable[] several, int threads, SharedSemaphore report)
    {
        Thread[] all = [.. Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            if (SharedWait.Any(several).Result == WaitResult.Signaled)
                report.Release();
        }))];
        foreach (Thread thread in all)
            thread.Start();
        foreach (Thread thread in all)
            thread.Join();
        return "";
    }

    /// <summary>Adds 1 to a plain number so often, each time under the mutex.</summary>
    private static string Count(SharedMutex mutex, MemoryView view, int times)
    {
        for (int i = 0; i < times; i++)
        {
            using (mutex.EnterScope())
            {
                ref long number = ref MemoryMarshal.AsRef<long>(view.Span);
                number++;
            }
        }
        return "";
    }
}
