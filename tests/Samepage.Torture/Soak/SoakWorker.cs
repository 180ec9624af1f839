using System.Diagnostics;

namespace Samepage.Torture.Soak;

/// <summary>
/// A process of the soak, with a thread for each kind: one that asks and measures, one that answers, or a visitor that opens everything, asks where that is possible, and leaves.
/// At each line "report" it says what it has measured; at the end of its input it ends.
/// </summary>
internal static class SoakWorker
{
    private static readonly string[] _visited = ["mutex", "semaphore", "cell", "service"];

    /// <param name="arguments">ask, answer or visit; and the name of the objects.</param>
    public static int Run(string[] arguments)
    {
        bool asks = arguments[0] != "answer", visits = arguments[0] == "visit";
        using var end = new CancellationTokenSource();
        var meters = new List<Meter>();
        var threads = new List<Thread>();
        foreach (Func<string, Traffic> make in Traffic.All)
        {
            // What lives in the objects of one asker and one answerer a visitor only opens.
            Traffic traffic = make(arguments[1] + "-" + threads.Count);
            var meter = new Meter(traffic.Kind);
            meters.Add(meter);
            bool takesPart = !visits || _visited.Contains(traffic.Kind);
            var thread = new Thread(() => Drive(traffic, meter, asks && takesPart, takesPart, end.Token));
            threads.Add(thread);
            thread.Start();
        }
        Console.WriteLine("ready");
        while (Console.ReadLine() is not null)
            Console.WriteLine("report " + string.Join(' ', meters.Select(m => m.Take())));
        end.Cancel();
        threads.ForEach(t => t.Join());
        return 0;
    }

    private static void Drive(Traffic traffic, Meter meter, bool asks, bool takesPart, CancellationToken end)
    {
        using (traffic)
        {
            if (!takesPart)
            {
                _ = end.WaitHandle.WaitOne();
                return;
            }
            while (!end.IsCancellationRequested)
            {
                if (!asks)
                {
                    traffic.Answer();
                    continue;
                }
                long begin = Stopwatch.GetTimestamp();
                traffic.Ask();
                meter.Add(Stopwatch.GetTimestamp() - begin);
                // The soak is long, not fast.
                Thread.Sleep(1);
            }
        }
    }
}
