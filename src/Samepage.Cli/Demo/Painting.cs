using System.Buffers.Binary;
using Spectre.Console;

namespace Samepage.Cli.Demo;

/// <summary>A picture to be shared: rings around a point that moves, as a BMP file of any size.</summary>
internal static class Painting
{
    private const int HeaderLength = 54;

    public static byte[] Bmp(int width, int height, double turn)
    {
        int row = (width * 3 + 3) & ~3;
        var file = new byte[HeaderLength + row * height];
        "BM"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(2), file.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), HeaderLength);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), height);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(26), 1);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(28), 24);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                Paint((double)x / width, (double)y / height, turn, file.AsSpan(HeaderLength + y * row + x * 3));
        }
        return file;
    }

    /// <summary>Shows a BMP file of <see cref="Bmp"/>'s kind: in colours at a terminal, in shades of letters elsewhere.</summary>
    public static void Show(Stage stage, ReadOnlySpan<byte> file, int columns, int rows)
    {
        int width = BinaryPrimitives.ReadInt32LittleEndian(file[18..]);
        int height = BinaryPrimitives.ReadInt32LittleEndian(file[22..]);
        int row = (width * 3 + 3) & ~3;
        var canvas = new Canvas(columns, rows);
        for (int y = 0; y < rows; y++)
        {
            string line = "    ";
            for (int x = 0; x < columns; x++)
            {
                // The rows of a BMP go from bottom to top.
                ReadOnlySpan<byte> pixel = file.Slice(HeaderLength + (height - 1 - y * height / rows) * row + x * width / columns * 3, 3);
                canvas.SetPixel(x, y, new Color(pixel[2], pixel[1], pixel[0]));
                const string Shades = " .:-=+*#%@";
                char shade = Shades[(pixel[0] + pixel[1] + pixel[2]) * (Shades.Length - 1) / (3 * 255)];
                line += $"{shade}{shade}";
            }
            if (!stage.Terminal.IsOutputTerminal)
                stage.Say(line.TrimEnd());
        }
        if (stage.Terminal.IsOutputTerminal)
            stage.Terminal.Rich.Write(canvas);
    }

    private static void Paint(double x, double y, double turn, Span<byte> pixel)
    {
        double distance = Math.Sqrt(Math.Pow(x - 0.5 - 0.2 * Math.Cos(turn), 2) + Math.Pow(y - 0.5 - 0.2 * Math.Sin(turn), 2));
        double ring = 0.5 + 0.5 * Math.Cos(distance * 22);
        pixel[0] = (byte)(255 * ring);
        pixel[1] = (byte)(255 * ring * x);
        pixel[2] = (byte)(255 * ring * (1 - y));
    }
}
