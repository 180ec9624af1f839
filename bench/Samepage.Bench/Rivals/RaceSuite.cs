using Samepage.Bench.Cases;
using Samepage.Bench.Harness;

namespace Samepage.Bench.Rivals;

/// <summary>A race: one job that Samepage, each rival that can do it, and a lane in C, between two, do in turns.</summary>
internal sealed class RaceSuite : LaneSuite
{
    /// <summary>The one size of the C program's round trips.</summary>
    private const int SizeOfLimit = 64;

    private readonly Job _job;
    private readonly List<string> _faults = [];
    private int _started;

    public RaceSuite(Job job, Rival subject, IEnumerable<Rival> rivals)
    {
        _job = job;
        List<Entrant> entrants = [new(EntrantKind.Samepage, Contend(subject, job))];
        entrants.AddRange(rivals.SelectMany(rival => Enter(rival, job)));
        entrants.AddRange(LimitsOf(job).Select(limit => new Entrant(EntrantKind.Limit, limit)));
        Races = [new Race(TitleOf(job), CourseOf(job), job.IsFan ? job.Many : job.Size, entrants)];
    }

    public override IReadOnlyList<Comparison> Comparisons => [];

    public override IReadOnlyList<Race> Races { get; }

    /// <summary>A fan is many processes on two processors, and there are many fans: half as many rounds of each are enough.</summary>
    public override Rounds Of(Rounds usual) => _job.IsFan ? usual with { Count = usual.Count / 2 } : usual;

    public static string TitleOf(Job job) => job.Kind switch
    {
        JobKind.RoundTrip => $"round trip, {job.Size:N0} B, {(job.Blocks ? "blocking" : "busy")}",
        JobKind.Batches => $"stream, {job.Size:N0} B, batches of {Job.Batch}: a message",
        JobKind.FanOut => $"one to {job.Many}, {job.Size:N0} B: a message",
        JobKind.FanIn => $"{job.Many} to one, {job.Size:N0} B: a message",
        _ => $"stream, {job.Size:N0} B{(job.Blocks ? ", blocking" : "")}: a message",
    };

    public static Course CourseOf(Job job) => job.Kind switch
    {
        JobKind.RoundTrip => Course.RoundTrips,
        JobKind.Batches => Course.Batches,
        JobKind.FanOut => Course.OneToMany,
        JobKind.FanIn => Course.ManyToOne,
        _ => Course.Sizes,
    };

    public override IEnumerable<string> Faults()
    {
        Contender subject = Races[0].Subject.Contender;
        return subject.Missing is null && subject.BytesPerOperation > 0
            ? _faults.Append($"{Races[0].Case}: {subject.Name} allocates {subject.BytesPerOperation:0.###} bytes an operation; it must allocate none.")
            : _faults;
    }

    /// <summary>The first is what the others are held against; the second does less than the job.</summary>
    private IEnumerable<Contender> LimitsOf(Job job) => job switch
    {
        { Kind: JobKind.Stream or JobKind.Batches } => [LaneStream(job.Size), OneCopy(job.Size)],
        { Kind: JobKind.RoundTrip, Size: SizeOfLimit } => [LaneTimes(job.Blocks), Signals(job.Blocks)],
        _ => [],
    };

    /// <summary>Whoever cannot spin enters in the way that it has: that is what a user would be left with.</summary>
    private IEnumerable<Entrant> Enter(Rival rival, Job job)
    {
        foreach (Job way in new[] { job, job with { Blocks = true } })
        {
            if (!rival.Can(way))
                continue;
            yield return new(EntrantKind.Rival, Contend(rival, way));
            yield break;
        }
    }

    private Contender Contend(Rival rival, Job job)
    {
        string name = rival.NameIn(job);
        if (rival.Missing is { } reason)
            return new MissingContender(name, Unit.Nanoseconds, reason);
        string unique = UniqueName($"{job}-{_started++}");
        try
        {
            if (job.IsFan)
                return new FanContender(name, Own(rival.StartFan(job, unique)));
            PeerPair pair = Own(rival.Start(job, unique));
            return job.Kind == JobKind.RoundTrip ? new TimedContender(name, pair) : CountedContender.InPair(name, pair);
        }
        // A race without one of many is still a race; the exit code tells.
        catch (Exception e) when (e is IOException or InvalidOperationException or TimeoutException or AggregateException)
        {
            _faults.Add($"{TitleOf(job)}: {name}: {e.Message}");
            return new MissingContender(name, Unit.Nanoseconds, "did not start");
        }
    }
}
