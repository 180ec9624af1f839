using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Samepage.Channels;
using Samepage.Platform.Linux;
using Samepage.Tests.Support;

namespace Samepage.Tests.Platform.Linux;

/// <summary>Each way to make, open and use an object, while each of the files that it opens is in turn the one too many: it says so, and leaves nothing behind.</summary>
public sealed partial class ExhaustionTests
{
    private const int LimitOfFiles = 7;         // RLIMIT_NOFILE
    private const int LimitOfAddresses = 9;     // RLIMIT_AS
    private const int MostFiles = 60;
    private const int Repetitions = 4;
    private const long RoomWithoutCollection = 32 << 20;
    private const int MostPages = 2_000;
    private static readonly TimeSpan _moment = TimeSpan.FromMilliseconds(1);
    private static int _names;

    [Fact]
    public void Whichever_file_is_one_too_many_the_error_says_so_and_nothing_is_left() => Child.Do(RunsOutOfFilesAnywhere, root: Scene.NewRoot());

    [Theory]
    [InlineData("nr_inodes")]
    [InlineData("size")]
    public void Whatever_the_file_system_has_too_little_of_the_error_says_so_and_nothing_is_left(string option)
    {
        string root = Scene.NewRoot();
        Assert.SkipUnless(Environment.IsPrivilegedProcess && Mount(root, "size=64m,nr_inodes=1000"), "Mounting a small file system takes an administrator.");
        try
        {
            Child.Do(RunsOutOfRoomAnywhere, [option], root: root);
        }
        finally
        {
            using var process = Process.Start("umount", ["-l", root]);
            process.WaitForExit();
        }
    }

    [Fact]
    public void A_view_for_which_there_are_no_addresses_is_out_of_space() => Child.Do(RunsOutOfAddresses, root: Scene.NewRoot());

    /// <summary>What is tried, by name; each makes what it needs, and closes it.</summary>
    private static readonly Dictionary<string, Action<string>> _ways = new()
    {
        ["section"] = name =>
        {
            using SharedMemory section = SharedMemory.Create(name, 70_000);
            using MemoryView view = section.Map();
            using MemoryView ring = section.MapMirrored(0, 65536);
            using SharedMemory other = SharedMemory.Open(name);
        },
        ["anonymous section"] = _ =>
        {
            using var section = SharedMemory.CreateAnonymous(70_000);
            using LentHandle lent = section.Offer();
            using SharedMemory taken = SharedMemory.OpenHandle(lent.Text);
        },
        ["participants"] = name =>
        {
            using SharedEvent one = SharedEvent.Create(name, EventResetMode.AutoReset);
            using SharedMembership membership = one.Join();
            foreach (SharedParticipant participant in one.Participants())
            {
                if (participant.TryWatch(out SharedTether? tether))
                    tether.Dispose();
            }
        },
        ["mutex"] = name =>
        {
            using SharedMutex one = SharedMutex.Create(name, initiallyOwned: true);
            one.Release();
            using SharedMutex other = SharedMutex.Open(name);
        },
        ["lock"] = name =>
        {
            using SharedLock one = SharedLock.Create(name);
            _ = one.Wait(_moment);
            one.Release();
        },
        ["event"] = name =>
        {
            using SharedEvent one = SharedEvent.Create(name, EventResetMode.ManualReset);
            _ = one.Wait(_moment);
            _ = one.WaitAsync(_moment).AsTask().GetAwaiter().GetResult();
        },
        ["semaphore"] = name =>
        {
            using SharedSemaphore one = SharedSemaphore.Create(name, 1, 2);
            using SharedSemaphore other = SharedSemaphore.Create(name + "o", 1, 2);
            _ = SharedWait.All([one, other], _moment);
        },
        ["reader-writer lock"] = name =>
        {
            using SharedReaderWriterLock one = SharedReaderWriterLock.Create(name);
            if (one.EnterRead(_moment) != WaitResult.TimedOut)
                one.ExitRead();
            if (one.EnterWrite(_moment) != WaitResult.TimedOut)
                one.ExitWrite();
        },
        ["topic"] = name =>
        {
            using Topic topic = Topic.Create(name, new TopicOptions { Capacity = 65536 });
            using TopicPublisher publisher = topic.CreatePublisher();
            using TopicSubscriber subscriber = topic.Subscribe();
            _ = subscriber.WaitToRead(_moment);
            _ = publisher.TryPublish([1]);
            _ = subscriber.TryRead(out _);
        },
        ["queue"] = name =>
        {
            using Queue queue = Queue.Create(name, new QueueOptions { Capacity = 65536 });
            using QueueSender sender = queue.CreateSender();
            using QueueReceiver receiver = queue.CreateReceiver();
            _ = receiver.TryReceive(_moment, out _);
            _ = sender.TrySend([1]);
            _ = receiver.TryReceive(out _);
        },
        ["mailbox"] = name =>
        {
            using var mailbox = Mailbox.Create(name);
            using MailboxWriter writer = Mailbox.OpenWriter(name);
            _ = writer.TrySend([1]);
            _ = mailbox.TryReceive(out _);
        },
        ["cell"] = name =>
        {
            using Cell cell = Cell.Create(name, new CellOptions { Capacity = 100 });
            cell.Write([1]);
            _ = cell.WaitForChange(cell.ChangeNumber, _moment);
            _ = cell.ToArray();
        },
        ["cell map"] = name =>
        {
            using CellMap map = CellMap.Create(name);
            _ = map.GetOrAdd("key").TryWrite([1]);
        },
        ["pipe"] = name =>
        {
            using var listener = PipeListener.Create(name);
            Task<PipeConnection> connecting = PipeConnection.ConnectAsync(name, TimeSpan.FromSeconds(1)).AsTask();
            try
            {
                if (listener.TryAccept(TimeSpan.FromSeconds(1), out PipeConnection? server))
                    server.Dispose();
            }
            finally
            {
                connecting.GetAwaiter().GetResult().Dispose();
            }
        },
        ["service"] = name =>
        {
            using Service service = Service.Create(name);
            using ServiceClient client = service.CreateClient();
            using ServiceServer server = service.Serve();
            _ = client.Call([1], out _, _moment);
            _ = server.TryTake(out _);
        },
        ["clipboard"] = name =>
        {
            using var clipboard = Clipboard.CreateOrOpen(name);
            clipboard.Set(new ClipboardItem().Add("text", [1]));
            _ = clipboard.Get("text", _moment);
        },
        ["atoms"] = name =>
        {
            using var atoms = AtomTable.CreateOrOpen(name);
            _ = atoms.Add("one");
        },
        ["broadcast"] = name =>
        {
            using var one = Broadcast.Register(name);
            one.Send(1);
            _ = one.TryReceive(_moment, out _);
        },
        ["looking"] = name =>
        {
            using SharedMutex one = SharedMutex.Create(name);
            _ = SharedObjects.Find(name, withHolders: true);
            _ = SharedObjects.List(withHolders: true);
            _ = SharedObjects.RemoveOrphans();
            _ = ChannelInspector.Find(name);
        },
    };

    [ChildPart]
    private static void RunsOutOfRoomAnywhere(string option)
    {
        UseAllOnce();
        string root = ScopeDirectory.Root;
        bool inodes = option == "nr_inodes";
        List<string> faults = [];
        foreach ((string what, Action<string> way) in _ways)
        {
            int step = inodes ? 1 : 3;
            for (int spare = 0; !Succeeds(what, way, option, spare, WithRoom, faults); spare += step)
                Assert.True(spare < MostPages, $"{what} still fails with {option} for {spare} more");
        }
        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));

        Exception? WithRoom(int spare, Action action)
        {
            var drive = new DriveInfo(root);
            long least = inodes ? Inodes(root) + spare : drive.TotalSize - drive.TotalFreeSpace + spare * Environment.SystemPageSize;
            Assert.True(Mount(root, string.Create(CultureInfo.InvariantCulture, $"remount,{option}={least}")));
            try
            {
                return Record.Exception(action);
            }
            finally
            {
                Assert.True(Mount(root, inodes ? "remount,nr_inodes=1000" : "remount,size=64m"));
            }
        }
    }

    private static long Inodes(string root)
    {
        using var process = Process.Start(new ProcessStartInfo("stat", ["-f", "-c", "%c %d", root]) { RedirectStandardOutput = true })!;
        string[] counts = process.StandardOutput.ReadToEnd().Split(' ');
        return long.Parse(counts[0], CultureInfo.InvariantCulture) - long.Parse(counts[1], CultureInfo.InvariantCulture);
    }

    private static bool Mount(string root, string options)
    {
        using var process = Process.Start("mount", ["-t", "tmpfs", "-o", options, "tmpfs", root]);
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    [ChildPart]
    private static void RunsOutOfFilesAnywhere()
    {
        UseAllOnce();
        // And for the first time that something fails for want of files.
        _ = Succeeds("warming up", _ways["section"], "files", 0, WithFiles, []);
        List<string> faults = [];
        foreach ((string what, Action<string> way) in _ways)
        {
            for (int spare = 0; !Succeeds(what, way, "files", spare, WithFiles, faults); spare++)
                Assert.True(spare < MostFiles, $"{what} still fails with {spare} files");
        }
        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
    }

    /// <summary>What process and runtime open once, for all that comes.</summary>
    private static void UseAllOnce()
    {
        for (int i = 0; i < 2; i++)
        {
            foreach (Action<string> way in _ways.Values)
                way(NewName());
            _ = Record.Exception(() => SharedMutex.Open("nothing"));
        }
    }

    /// <summary>What came of it with so many files to open.</summary>
    private static Exception? WithFiles(int spare, Action action)
    {
        List<SafeFileHandle> fillers = FillHoles();
        Limit before = Read(LimitOfFiles);
        ulong files = (ulong)(HighestFile() + 1 + spare);
        // A collection reads files to learn how much memory there is; a runtime that cannot takes it for none, and ends the process.
        bool collects = !GC.TryStartNoGCRegion(RoomWithoutCollection);
        Set(LimitOfFiles, before with { Soft = files });
        try
        {
            return Record.Exception(action);
        }
        finally
        {
            Set(LimitOfFiles, before);
            if (!collects && GCSettings.LatencyMode == GCLatencyMode.NoGCRegion)
                GC.EndNoGCRegion();
            fillers.ForEach(f => f.Dispose());
        }
    }

    private static bool Succeeds(string what, Action<string> way, string of, int spare, Func<int, Action, Exception?> with, List<string> faults)
    {
        (int files, string[] left) = Settled();
        Exception? refused = with(spare, () => way(NewName()));
        (int after, string[] leftAfter) = Settled();
        // Once more or less is what the process opens for itself at first use; again and again is a leak.
        for (int again = 1; refused is not null && after > files && again <= Repetitions; again++)
        {
            refused = with(spare, () => way(NewName()));
            int before = after;
            (after, leftAfter) = Settled();
            if (after <= before)
                break;
            if (again == Repetitions)
                faults.Add($"{what} with {spare} {of} to spare leaves files open each time: {after} from {files}, after {refused}");
        }
        string[] forgotten = [.. leftAfter.Except(left)];
        if (forgotten.Length > 0)
            faults.Add($"{what} with {spare} {of} to spare leaves {string.Join(", ", forgotten)}, after {refused}");
        if (refused is not (null or SharedObjectException { Reason: FailureReason.OutOfSpace }))
            faults.Add($"{what} with {spare} {of} to spare: {refused}");
        return refused is null;
    }

    /// <summary>Open files, and objects, once what is collected is collected.</summary>
    private static (int Files, string[] Objects) Settled()
    {
        for (int i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        string[] objects = [.. Directory.GetFiles(Scene.LocalDirectory).Select(f => Path.GetFileName(f)).Where(f => !f.StartsWith('.') && !f.StartsWith("samepage.journal", StringComparison.Ordinal))];
        return (Files().Length, objects);
    }

    private static string NewName() => $"exhausted{_names++}";

    private static int[] Files() => [.. Directory.GetFiles("/proc/self/fd").Select(f => int.Parse(Path.GetFileName(f), CultureInfo.InvariantCulture))];

    private static int HighestFile() => Files().Max();

    /// <summary>So that the next file is one behind the highest.</summary>
    private static List<SafeFileHandle> FillHoles()
    {
        List<SafeFileHandle> fillers = [];
        int highest = HighestFile();
        while (true)
        {
            SafeFileHandle filler = File.OpenHandle("/dev/null");
            fillers.Add(filler);
            if (filler.DangerousGetHandle() > highest)
                return fillers;
        }
    }

    [ChildPart]
    private static void RunsOutOfAddresses()
    {
        const long Large = 1L << 36;
        using SharedMemory section = SharedMemory.Create(NewName(), Large, new SharedMemoryOptions { Reserve = true, InitialCommit = 4096 });
        section.Map(0, 4096).Dispose();
        section.MapMirroredReserved(0, 65536).Dispose();
        _ = Record.Exception(() => SharedMemory.Open("nothing"));
        Limit before = Read(LimitOfAddresses);
        ulong used = ulong.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[0], CultureInfo.InvariantCulture) * (ulong)Environment.SystemPageSize;
        Set(LimitOfAddresses, before with { Soft = used + (1UL << 30) });
        try
        {
            foreach (Action action in new Action[] { () => section.Map().Dispose(), () => section.MapMirroredReserved(0, Large / 2).Dispose() })
            {
                SharedObjectException refused = Scene.Refusal(FailureReason.OutOfSpace, action);
                Assert.Equal(section.Name, refused.ObjectName);
                Assert.Contains("ulimit -v", refused.Message, StringComparison.Ordinal);
            }
            using MemoryView small = section.Map(0, 4096);
            small.Span.Fill(1);
        }
        finally
        {
            Set(LimitOfAddresses, before);
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }

    private static Limit Read(int which)
    {
        Assert.Equal(0, GetLimit(which, out Limit limit));
        return limit;
    }

    private static void Set(int which, Limit limit) => Assert.Equal(0, SetLimit(which, in limit));

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int which, out Limit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int which, in Limit limit);
}
