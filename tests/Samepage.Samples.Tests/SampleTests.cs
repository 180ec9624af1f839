// The tests are about death and timing: each has the machine for itself.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Samepage.Samples.Tests;

/// <summary>What the tests of a sample have in common: a place for its shared objects, and an end for all its processes.</summary>
public abstract class SampleTests : IDisposable
{
    private readonly string _sample;
    private readonly List<Sample> _started = [];

    protected SampleTests(string sample)
    {
        _sample = sample;
        Root = Directory.Exists("/dev/shm")
            ? Directory.CreateDirectory($"/dev/shm/samepage-samples-{Guid.NewGuid():N}").FullName
            : Directory.CreateTempSubdirectory("samepage-samples-").FullName;
    }

    /// <summary>Where the shared objects of this test are, and nobody else's.</summary>
    protected string Root { get; }

    /// <summary>The files of all shared objects, those of the dead included.</summary>
    protected string[] Objects => Directory.GetFiles(Root, "*", SearchOption.AllDirectories);

    internal Sample Start(params string[] arguments) => Keep(new Sample(Root, Sample.Host, ["exec", Sample.PathOf(_sample), .. arguments]));

    internal Sample Keep(Sample sample)
    {
        _started.Add(sample);
        return sample;
    }

    public void Dispose()
    {
        _started.ForEach(sample => sample.Dispose());
        Directory.Delete(Root, recursive: true);
        GC.SuppressFinalize(this);
    }
}
