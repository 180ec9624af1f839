using System.Runtime.InteropServices;
using Samepage.Platform;

namespace Samepage.Hostile;

/// <summary>The process that uses objects while they are attacked. Whatever it meets, it comes back with an error; all else ends it with a report.</summary>
internal sealed partial class Victim(string kind, int seed, ControlPage control, bool alwaysAtRest)
{
    public const int Violation = 3;
    private const int Closing = 3;
    private const int EnoughErrors = 40;
    private const int EpochsBetweenCounts = 128;

    // A process has a thousand or two when it uses all kinds at once.
    private const int MostMappings = 10_000;
    private static readonly TimeSpan _longest = TimeSpan.FromMilliseconds(100);

    public void Run(long first, long count)
    {
        // A lock that names a living thread is held, whoever wrote it: here that is an error, and all else that does not end a hang.
        Patience.OfSteps = TimeSpan.FromMilliseconds(20);
        for (long number = first; number < first + count && !control.Stop; number++)
        {
            Live(new Epoch(seed, number));
            if (number % EpochsBetweenCounts == 0)
                RequireFewMappings();
        }
    }

    private void Live(Epoch epoch)
    {
        Random random = epoch.Chance(1);
        IScene? scene = null;
        control.Epoch = epoch.Number;
        Do(Closing, new Operation("make", r => scene = SceneCatalog.Make(kind, epoch.ObjectName, r)), random);
        if (scene is null)
        {
            // What the process keeps for all its objects can be damaged, and one refused from the start.
            control.Done++;
            TakeAway();
            return;
        }
        Use(scene, random, TimeSpan.FromMilliseconds(20), random.Next(60));
        control.Phase = Phase.Ready;
        while (control.Answered != epoch.Number && !control.Stop)
            Thread.Sleep(0);
        control.Phase = Phase.InUse;
        if (alwaysAtRest || epoch.IsAtRest)
            Use(scene, random, TimeSpan.FromSeconds(1), 60);
        else
            UseAtOnce(scene, epoch);
        control.Phase = Phase.Making;
        Do(Closing, new Operation("dispose", _ => scene.Dispose()), random);
        control.Done++;
        TakeAway();
    }

    /// <summary>What is disposed is given up, however it was damaged.</summary>
    private static void RequireFewMappings()
    {
        int count = File.ReadLines("/proc/self/maps").Count();
        if (count <= MostMappings)
            return;
        Console.Error.WriteLine($"keeps {count:N0} mappings");
        Exit(Violation);
    }

    /// <summary>What is damaged is nobody's, and would stay.</summary>
    private static void TakeAway()
    {
        foreach (string directory in Directory.GetDirectories(Environment.GetEnvironmentVariable("SAMEPAGE_ROOT")!))
        {
            foreach (string path in Directory.GetFileSystemEntries(directory))
            {
                if (Path.GetFileName(path) is not (['h', ..] or ['s', 'a', 'm', 'e', 'p', 'a', 'g', 'e', '.', 'p', ..]))
                    continue;
                TakeAway(path);
            }
        }
    }

    private static void TakeAway(string path)
    {
        try
        {
            if (new DirectoryInfo(path) is { Exists: true, LinkTarget: null } planted)
                planted.Delete();
            else
                File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Something else has just been put there.
        }
    }

    private void Use(IScene scene, Random random, TimeSpan longest, int operations)
    {
        long end = Environment.TickCount64 + (long)longest.TotalMilliseconds;
        for (int i = 0; i < operations && Environment.TickCount64 < end; i++)
        {
            int thread = i % scene.Actors.Count;
            Do(thread, scene.Actors[thread].Next(random), random);
        }
    }

    private void UseAtOnce(IScene scene, Epoch epoch)
    {
        var threads = new Thread[scene.Actors.Count];
        for (int i = 0; i < threads.Length; i++)
        {
            int thread = i;
            threads[i] = new Thread(() => Act(thread, scene.Actors[thread], epoch.Chance(10 + thread)), 512 * 1024);
            threads[i].Start();
        }
        foreach (Thread thread in threads)
            thread.Join();
    }

    private void Act(int thread, Actor actor, Random random)
    {
        long end = Environment.TickCount64 + (long)_longest.TotalMilliseconds;
        int operations = random.Next(20, 600), errors = 0;
        for (int i = 0; i < operations && errors < EnoughErrors && Environment.TickCount64 < end; i++)
        {
            if (!Do(thread, actor.Next(random), random))
                errors++;
        }
    }

    /// <summary>False: it was refused.</summary>
    private bool Do(int thread, Operation operation, Random random)
    {
        control.Begin(thread, operation.Name);
        try
        {
            operation.Run(random);
            return true;
        }
        catch (SharedObjectException e)
        {
            control.Count(e.Reason);
            if (e.Reason == FailureReason.Corrupt && e.ObjectName is null && !e.Message.Contains('/'))
                Report(operation, e);
            return false;
        }
        catch (Exception e) when (e is InvalidOperationException and not ObjectDisposedException or TimeoutException or OperationCanceledException)
        {
            control.CountMisuse();
            return false;
        }
        catch (Exception e)
        {
            Report(operation, e);
            return false;
        }
        finally
        {
            control.End(thread);
        }
    }

    private static void Report(Operation operation, Exception e)
    {
        Console.Error.WriteLine($"{operation.Name}: {e}");
        Exit(Violation);
    }

    // At once, with what other threads are in the midst of.
    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int code);
}
