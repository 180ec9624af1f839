using Samepage.Torture.Histories;
using Samepage.Torture.Kinds;

namespace Samepage.Torture.Working;

/// <summary>
/// One of the processes: a thread for each role. It says "ready", at "finish" it ends those who bring things and says "finished", at "drain" those who take them and says
/// "done"; and it says FAULT as soon as it sees one.
/// </summary>
internal static class Worker
{
    private const int Capacity = 1 << 16;

    /// <param name="arguments">The seed, the directory of the histories, and a <see cref="RolePlace"/> each.</param>
    public static int Run(string[] arguments)
    {
        int seed = int.Parse(arguments[0]);
        var ending = new Ending();
        List<Thread> producers = [], consumers = [];
        foreach (RolePlace place in arguments[2..].Select(RolePlace.Parse))
        {
            Kind kind = AllKinds.Named(place.Kind);
            var thread = new Thread(() => Play(kind, place, arguments[1], seed, ending));
            (kind.IsConsumer(place.Role) ? consumers : producers).Add(thread);
        }
        foreach (Thread thread in producers.Concat(consumers))
            thread.Start();
        Console.WriteLine("ready");
        Await("finish");
        ending.EndProducers();
        producers.ForEach(t => t.Join());
        Console.WriteLine("finished");
        Await("drain");
        ending.EndConsumers();
        consumers.ForEach(t => t.Join());
        Console.WriteLine("done");
        return 0;
    }

    private static void Await(string word)
    {
        // Without a driver there is nothing to be done.
        if (Console.ReadLine() != word)
            Environment.Exit(3);
    }

    private static void Play(Kind kind, RolePlace place, string directory, int seed, Ending ending)
    {
        using var history = new HistoryWriter(HistoryFile.PathOf(directory, place.Actor), Capacity);
        try
        {
            kind.Run(place.Role, new Work(place.Actor, place.ObjectName, directory, HashCode(seed, place.Actor), history, ending));
        }
#pragma warning disable CA1031 // Whatever a role throws is a finding, and the driver's.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Console.WriteLine($"FAULT {kind.Name} {place.Role} {place.Actor}: {e.ToString().ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>The same in every process, which <see cref="System.HashCode"/> is not.</summary>
    private static int HashCode(int seed, int actor) => unchecked(seed * 31 + actor * (int)0x9E3779B1);
}
