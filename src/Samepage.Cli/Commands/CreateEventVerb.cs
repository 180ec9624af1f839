using System.CommandLine;

namespace Samepage.Cli.Commands;

/// <summary>Makes an event.</summary>
internal sealed class CreateEventVerb : CreateKindVerb
{
    private readonly Option<bool> _manual = new("--manual") { Description = "It stays set until it is reset; otherwise each set releases one waiter." };
    private readonly Option<bool> _set = new("--set") { Description = "It is set from the start." };

    public CreateEventVerb(Session session)
        : base(session, "event", "Make an event and hold it.", SignalAccess, "samepage create event ready --manual")
    {
        Add(_manual);
        Add(_set);
        AddShared();
    }

    protected override IDisposable Make(ParseResult line, string name, SharedAccess access, out string details)
    {
        bool manual = line.GetValue(_manual);
        bool set = line.GetValue(_set);
        details = $" ({(manual ? "manual" : "auto")}, {(set ? "set" : "not set")})";
        return SharedEvent.Create(name, manual ? EventResetMode.ManualReset : EventResetMode.AutoReset, set, access);
    }
}
