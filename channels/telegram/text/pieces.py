from channels.telegram.text.formatted import Formatted


def pieces(whole: Formatted, most: int = 4096) -> list[Formatted]:
    return (
        [Formatted(whole.text[i : i + most // 2]) for i in range(0, len(whole.text), most // 2)]
        if len(whole.text) * 2 > most
        else [whole]
    )
