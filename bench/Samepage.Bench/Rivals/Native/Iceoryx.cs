using Samepage.Bench.Harness;

namespace Samepage.Bench.Rivals.Native;

/// <summary>Eclipse iceoryx, with a daemon that runs from the first look at it to the end of this program.</summary>
internal sealed class Iceoryx : NativeRival
{
    private const string Headers = "/usr/include/iceoryx";

    // Its standard input is a pipe from here: the daemon ends with this program, however that ends.
    private PeerProcess? _daemon;

    public Iceoryx()
        : base("iceoryx", "iceoryx", "g++, libiceoryx-posh-dev")
    {
        // The headers of each release have a folder of their own, and no file of pkg-config says which.
        string[] releases = Directory.Exists(Headers) ? Directory.GetDirectories(Headers, "v*") : [];
        Flags = [.. releases.Order().TakeLast(1).Select(r => $"-I{r}"), "-liceoryx_posh", "-liceoryx_hoofs", "-liceoryx_platform", "-pthread"];
        Spins = true;
        // Of roudi.toml.
        Largest = 8 << 20;
    }

    protected override string? Prepare()
    {
        if (base.Prepare() is { } reason)
            return reason;
        if (!Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(f => File.Exists(Path.Combine(f, "iox-roudi"))))
            return "not installed: iceoryx";
        try
        {
            _daemon = PeerProcess.Reference("bash", core: null, Path.Combine(Folder, "roudi.sh"), Path.Combine(Folder, "roudi.toml"));
            return null;
        }
        catch (InvalidOperationException)
        {
            // Its own words are on standard error.
            return "iox-roudi does not start: another runs, or /dev/shm is too small";
        }
    }
}
