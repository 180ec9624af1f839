using System.CommandLine;
using Samepage.Cli.Output;

namespace Samepage.Cli.Commands;

/// <summary>Makes a semaphore.</summary>
internal sealed class CreateSemaphoreVerb : CreateKindVerb
{
    private readonly Option<int> _initial = new("--initial") { Description = "Permits at the start. Default: 0.", HelpName = "COUNT" };
    private readonly Option<int?> _max = new("--max") { Description = "The most permits there may be. Default: no limit but that of the number.", HelpName = "COUNT" };

    public CreateSemaphoreVerb(Session session)
        : base(session, "semaphore", "Make a semaphore and hold it.", SignalAccess, "samepage create semaphore slots --initial 4 --max 4")
    {
        Add(_initial);
        Add(_max);
        AddShared();
        Validators.Add(line =>
        {
            int initial = line.GetValue(_initial);
            if (initial < 0 || line.GetValue(_max) is { } max && (max < 1 || max < initial))
                line.AddError("--max is at least 1, and --initial lies between 0 and --max.");
        });
    }

    protected override IDisposable Make(ParseResult line, string name, SharedAccess access, out string details)
    {
        int initial = line.GetValue(_initial);
        int max = line.GetValue(_max) ?? int.MaxValue;
        details = Shown.Invariant($" ({initial:N0} of {max:N0})");
        return SharedSemaphore.Create(name, initial, max, access);
    }
}
