using System.Diagnostics;
using Samepage.Torture.Histories;
using Samepage.Torture.Kinds;
using Samepage.Torture.Working;

namespace Samepage.Torture.Driving;

/// <summary>Some seconds of torture on fresh objects, in processes that are killed, stopped, continued and started; then everything ends, and is checked.</summary>
internal sealed class Epoch(int number, IReadOnlyList<Kind> kinds, Random random, TimeSpan duration, Tally tally)
{
    private const int MostProcesses = 7, DriversRoom = 1 << 20;
    private const string TheEnd = "the end", Sight = "what a role saw";

    private readonly string _directory = Directory.CreateTempSubdirectory("samepage-torture-").FullName;
    private readonly Dictionary<int, Actor> _actors = [];
    private readonly Dictionary<string, List<int>> _actorsOf = [];
    private readonly List<Failure> _failures = [];
    private int _lastActor;

    public IReadOnlyList<Failure> Run()
    {
        var held = new List<IDisposable>();
        foreach (Kind kind in kinds)
        {
            _actorsOf[kind.Name] = [];
            if (kind.Prepare(NameOf(kind)) is { } made)
                held.Add(made);
        }
        WorkerProcess[] workers = [.. Crews().Select(Start)];
        try
        {
            Torture(workers);
            if (_failures.Count == 0)
                Finish(workers);
        }
        finally
        {
            foreach (WorkerProcess worker in workers)
                worker.Dispose();
        }
        if (_failures.Count == 0)
            Conclude();
        held.ForEach(h => h.Dispose());
        Check();
        if (_failures.Count == 0)
            Directory.Delete(_directory, recursive: true);
        else
            Console.WriteLine($"the histories are in {_directory}");
        return _failures;
    }

    private string NameOf(Kind kind) => $"torture-{number}-{kind.Name}";

    /// <summary>Which roles are played together by a process: of each kind some here and some there.</summary>
    private IEnumerable<(Kind Kind, string Role)[]> Crews()
    {
        (Kind, string)[] roles = [.. kinds.SelectMany(k => k.Roles.Select(r => (k, r)))];
        random.Shuffle(roles);
        int processes = Math.Min(MostProcesses, roles.Length);
        return roles.Select((role, i) => (role, i)).GroupBy(r => r.i % processes, r => r.role).Select(g => g.ToArray());
    }

    private WorkerProcess Start((Kind Kind, string Role)[] crew) => Start([.. crew.Select(r => new RolePlace(r.Kind.Name, r.Role, NameOf(r.Kind), NewActor(r.Kind.Name, r.Role)))]);

    private WorkerProcess StartAgain(WorkerProcess dead) => Start([.. dead.Roles.Select(r => r with { Actor = NewActor(r.Kind, r.Role) })]);

    private WorkerProcess Start(IReadOnlyList<RolePlace> roles)
    {
        tally.Starts++;
        return new WorkerProcess("worker", [$"{random.Next()}", _directory, .. roles.Select(r => r.ToString())]) { Roles = roles };
    }

    private int NewActor(string kind, string role)
    {
        int actor = ++_lastActor;
        _actors[actor] = new Actor(actor, role);
        _actorsOf[kind].Add(actor);
        return actor;
    }

    private void Torture(WorkerProcess[] workers)
    {
        var clock = Stopwatch.StartNew();
        foreach (WorkerProcess worker in workers)
        {
            if (!worker.Hears("ready"))
                Fail(worker, "did not start");
        }
        while (clock.Elapsed < duration && _failures.Count == 0)
        {
            Thread.Sleep(random.Next(250));
            int i = random.Next(workers.Length);
            if (workers[i].HasFault() || workers[i].HasExited)
                Fail(workers[i], "ended by itself");
            else if (random.Next(2) == 0)
            {
                Kill(workers[i]);
                workers[i] = StartAgain(workers[i]);
            }
            else if (workers[i].IsStopped)
                workers[i].Continue();
            else
            {
                workers[i].Stop();
                tally.Stops++;
            }
        }
    }

    private void Kill(WorkerProcess worker)
    {
        long began = Stopwatch.GetTimestamp();
        worker.Kill();
        long gone = Stopwatch.GetTimestamp();
        foreach (RolePlace role in worker.Roles)
            (_actors[role.Actor].KillBegan, _actors[role.Actor].Gone) = (began, gone);
        // What it had said before is worth as much.
        if (worker.HasFault())
            Fail(worker, "");
        worker.Dispose();
        tally.Kills++;
    }

    private void Finish(WorkerProcess[] workers)
    {
        foreach (WorkerProcess worker in workers)
            worker.Continue();
        Step(workers, "finish", "finished");
        Step(workers, "drain", "done");
        foreach (WorkerProcess worker in workers)
        {
            if (worker.Fault is not null || worker.WaitForExit() != 0)
                Fail(worker, "did not end in good order");
        }
    }

    private void Step(WorkerProcess[] workers, string told, string answer)
    {
        foreach (WorkerProcess worker in workers)
            worker.Say(told);
        foreach (WorkerProcess worker in workers)
        {
            if (_failures.Count == 0 && !worker.Hears(answer))
                Fail(worker, $"did not answer to \"{told}\": it died or hangs");
        }
    }

    /// <summary>A failure of a process, with what its threads were at; of a fault, those of its kind.</summary>
    private void Fail(WorkerProcess worker, string what)
    {
        string? kind = worker.Fault?.Split(' ')[1];
        string[] last =
        [
            .. from role in worker.Roles
               where kind is null || role.Kind == kind
               from operation in HistoryFile.Read(_directory, role.Actor).TakeLast(3)
               select $"{role.Kind} {role.Role} {role.Actor}: {AllKinds.Named(role.Kind).Describe(operation)}, begun {operation.Begin}",
        ];
        _failures.Add(new Failure(kind ?? "process", kind is null ? TheEnd : Sight, worker.Fault ?? $"process {worker.Id} {what}", last));
    }

    private void Conclude()
    {
        foreach (Kind kind in kinds)
        {
            int actor = NewActor(kind.Name, "driver");
            using var history = new HistoryWriter(HistoryFile.PathOf(_directory, actor), DriversRoom);
            var ending = new Ending();
            ending.EndConsumers();
            kind.Conclude(new Work(actor, NameOf(kind), _directory, random.Next(), history, ending));
        }
    }

    private void Check()
    {
        if (_failures.Count == 0)
            _failures.AddRange(Leftovers.Check());
        foreach (Kind kind in kinds)
        {
            List<int> actors = _actorsOf[kind.Name];
            var history = new History([.. actors.SelectMany(a => HistoryFile.Read(_directory, a))], _actors);
            tally.Operations += history.Operations.Count;
            // After a worker failed nothing was brought to its end.
            if (_failures.Any(f => f.Rule is TheEnd or Sight))
                continue;
            tally.Histories += actors.Count;
            _failures.AddRange(Judgement.Of(kind, history));
        }
    }
}
