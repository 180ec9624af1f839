using System.CommandLine;
using Samepage.Channels;
using Samepage.Cli.Output;

namespace Samepage.Cli.Commands;

/// <summary>Makes a service.</summary>
internal sealed class CreateServiceVerb : CreateKindVerb
{
    private readonly ServiceSettings _settings = new();

    public CreateServiceVerb(Session session)
        : base(session, "service", "Make a service and hold it. Calls wait until somebody serves.", SignalAccess,
            "samepage create service resize --max-request 8M --max-answer 8M")
    {
        _settings.AddTo(this);
        AddShared();
    }

    protected override IDisposable Make(ParseResult line, string name, SharedAccess access, out string details)
    {
        ServiceOptions options = _settings.Options(line) with { Access = access };
        details = $" (requests of {Shown.Size(options.LongestRequest)} and answers of {Shown.Size(options.ResponseRoom - ServiceSettings.BeforeAnswer)} at most)";
        return Service.Create(name, options);
    }
}
