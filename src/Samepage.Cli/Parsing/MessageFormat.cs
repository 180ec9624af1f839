using System.CommandLine;
using Samepage.Cli.Output;

namespace Samepage.Cli.Parsing;

/// <summary>How messages are printed.</summary>
internal sealed class MessageFormat
{
    private readonly Option<bool> _hex = Common.Switch("--hex", "Print messages as hex and text.");
    private readonly Option<bool> _raw = Common.Switch("--raw", "Print the bytes of the messages alone, without line ends.");
    private readonly Option<bool> _json = Common.Switch("--json", "Print JSON, one value a line: text, or base64 for bytes that are none.");

    public void AddTo(Command command)
    {
        command.Add(_hex);
        command.Add(_raw);
        command.Add(_json);
        command.Validators.Add(line =>
        {
            if (new[] { _hex, _raw, _json }.Count(line.GetValue) > 1)
                line.AddError("--hex, --raw and --json exclude each other.");
        });
    }

    public MessageLines Lines(ParseResult line, Terminal terminal) => new(terminal,
        line.GetValue(_hex) ? MessageStyle.Hex : line.GetValue(_raw) ? MessageStyle.Raw : line.GetValue(_json) ? MessageStyle.Json : MessageStyle.Text);
}
